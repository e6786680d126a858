#include "runtime/node/host_factory.hpp"

#include "runtime/actor/actor_host.hpp"
#include "runtime/instance/instance_host.hpp"

namespace reprise::runtime {

std::shared_ptr<host> make_host(turn_services& s, const address& a, std::uint64_t epoch) {
  if (a.kind == address_kind::actor) return std::make_shared<actor_host>(s, a, epoch);
  return std::make_shared<instance_host>(s, a, epoch);
}

}  // namespace reprise::runtime
