// The end of an instance's critical section, for whatever reason it ends.

#include "runtime/commit/transition.hpp"
#include "runtime/instance/instance_host.hpp"

namespace reprise::runtime {

// Goes to everyone who was asked: whether an actor is held already is known there, not here.
void instance_host::release_section(transition& t) {
  for (auto& one : section_.release())
    t.send(std::move(one.actor),
           unlock_body{reply_to{self_.key, header_->generation, one.step}, false});
}

}  // namespace reprise::runtime
