// Messages to an address that takes none of the kind: each is consumed and answered, so that it does not
// wait in the table for ever.

#include <boost/test/unit_test.hpp>
#include <vector>

#include "runtime/commit/transition.hpp"
#include "runtime/node/engine.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace reprise::runtime;

namespace {

const address actor_at{address_kind::actor, "tally", "t"};
const address instance_at{address_kind::instance, "", "nobody"};

std::vector<message_body> strange_to(const address& to) {
  if (to.kind == address_kind::instance)
    return {call_body{"add", {}}, lock_body{}, unlock_body{}, erase_body{}};
  return {start_body{},  answer_body{}, raised_body{"nudge", {}}, terminate_body{}, suspend_body{},
          resume_body{}, rewind_body{}, restart_body{},           purge_body{}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(strange_messages)

BOOST_AUTO_TEST_CASE(a_strange_message_from_outside_is_answered_as_invalid) {
  for (const auto& to : {actor_at, instance_at})
    for (auto& body : strange_to(to)) {
      world w(1, disk::memory, parts::bound);
      std::optional<result<payload>> told;
      auto m = std::make_unique<message>();
      m->id = w.engine().ids.next();
      m->to = to;
      m->body = std::move(body);
      m->lane = lane_of(*m);
      m->done = outside([&](result<payload> r) { told = std::move(r); });
      const auto kind = m->body.index();
      w.engine().deliver(std::move(m));
      w.run();
      BOOST_REQUIRE((told && !*told));
      BOOST_TEST((told->error().why == cause::invalid), kind);
    }
}

BOOST_AUTO_TEST_CASE(a_strange_message_with_a_record_is_consumed) {
  for (const auto& to : {actor_at, instance_at})
    for (auto& body : strange_to(to)) {
      world w(1, disk::memory, parts::bound);
      const auto kind = body.index();
      transition t(w.engine().services, actor_at, w.now());
      BOOST_REQUIRE(t.open(w.engine().log.epoch()));
      t.send(to, std::move(body));
      t.commit();
      w.run();
      BOOST_TEST(w.waiting_records() == 0u, kind);
    }
}

BOOST_AUTO_TEST_SUITE_END()
