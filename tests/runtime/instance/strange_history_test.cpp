// Histories that no program of ours wrote, though every record is whole: they are stalled, and nothing is
// made of what they do not say.

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include "persistence/keys.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/message/records.hpp"
#include "runtime/node/engine.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace reprise::runtime;
using recorded = history_event;
namespace keys = persistence::keys;

namespace {

const address strange{address_kind::instance, "", "strange"};
constexpr generation first_one{1, 1};

recorded of(event_kind kind, std::uint64_t number, std::uint64_t target = 0) {
  recorded e;
  e.kind = kind;
  e.number = number;
  e.target = target;
  return e;
}

// An instance that was asked for nothing of what its code would do.
void write(world& w, const std::vector<recorded>& history, std::vector<std::uint64_t> undone) {
  records::instance header;
  header.orchestration = "nobodys.1";
  header.status = static_cast<std::uint8_t>(instance_state::running);
  header.generation = first_one;
  header.events = history.size();
  header.undone = std::move(undone);
  transition t(w.engine().services, strange, w.now());
  BOOST_REQUIRE(t.open(w.engine().log.epoch()));
  t.put(keys::instance(strange.key), records::encode(header));
  t.put(keys::event(strange.key, first_one.term, first_one.position, 0), records::encode(history));
  t.commit();
  w.run();
}

void answer(world& w, std::uint64_t step) {
  transition t(w.engine().services, strange, w.now());
  BOOST_REQUIRE(t.open(w.engine().log.epoch()));
  t.send(strange, answer_body{first_one, step, payload{}});
  t.commit();
  w.run();
}

std::uint64_t events_of(world& w) {
  const auto stored = w.engine().store->read({.keys = {keys::instance(strange.key)}});
  BOOST_REQUIRE((stored.values.size() == 1u && stored.values.front()));
  return records::decode_instance(*stored.values.front())->events;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(strange_histories)

// Its step was answered with a failure while no code ran, and the code was given that answer twice; the
// second time is taken back. The step is not open again by that: a later answer is nobody's.
BOOST_AUTO_TEST_CASE(an_answer_that_was_fed_twice_opens_no_step) {
  for (const bool twice : {false, true}) {
    world w(1, disk::memory, parts::bound);
    auto step = of(event_kind::child, 1);
    step.name = "collect";
    step.key = "kid";
    auto failed = of(event_kind::answered, 2, 1);
    failed.error = failure{cause::failed, "it went wrong", false};
    failed.deferred = true;
    std::vector<recorded> history{of(event_kind::started, 0), step, failed};
    if (twice) history.push_back(of(event_kind::fed, history.size(), 2));
    history.push_back(of(event_kind::fed, history.size(), 2));
    write(w, history, {history.back().number});
    const auto before = events_of(w);
    answer(w, 1);
    BOOST_TEST(events_of(w) == before + (twice ? 0 : 1));
  }
}

BOOST_AUTO_TEST_SUITE_END()
