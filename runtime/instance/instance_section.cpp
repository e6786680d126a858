// The end of an instance's critical section, for whatever reason.

#include "runtime/commit/transition.hpp"
#include "runtime/instance/instance_host.hpp"

namespace reprise::runtime {

// Sent to every actor that was requested: only the actor knows whether it is held yet.
void instance_host::release_section(transition& t) {
  for (auto& one : section_.release())
    t.send(std::move(one.actor),
           unlock_body{reply_to{self_.key, header_->generation, one.step}, false});
}

}  // namespace reprise::runtime
