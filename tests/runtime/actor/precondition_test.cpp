// Calls that depend on the state which their caller has read.

#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/support/family.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;

namespace {

using kind = precondition::kind;

ask_options only_if(precondition p) {
  ask_options o;
  o.only_if = std::move(p);
  return o;
}

ask_options once_and_only_if(const std::string& key, precondition p) {
  auto o = only_if(std::move(p));
  o.once = idempotency{"ann", key, 1};
  return o;
}

std::uint64_t tag_of(world& w, const std::string& type, const std::string& key) {
  const auto found = family::answer<actor_status>(w, [&](auto told) {
    w.at().actors().state({type, key}, std::move(told));
  });
  BOOST_REQUIRE((found && *found));
  return (**found).tag();
}

// What came of it: the sum, or the word of the failure.
std::string add(world& w, parts::number n, ask_options o) {
  const auto answer = w.perform(parts::add("t", n).what(), std::move(o));
  BOOST_REQUIRE(answer.has_value());
  if (!*answer) return std::string(to_string(answer->error().why));
  return std::to_string(**codec<parts::number>::decode(**answer));
}

std::string erase(world& w, ask_options o) {
  const auto gone = family::answer<void>(w, [&](auto told) {
    w.at().actors().erase({"tally", "t"}, std::move(o), std::move(told));
  });
  BOOST_REQUIRE(gone.has_value());
  return *gone ? "gone" : std::string(to_string(gone->error().why));
}

void restart(world& w) {
  w.crash();
  w.open();
}

const std::string refused = "precondition_failed";

}  // namespace

BOOST_AUTO_TEST_SUITE(preconditions)

BOOST_AUTO_TEST_CASE(a_call_is_done_only_if_the_state_is_still_the_one_that_was_read) {
  for (auto d : {disk::memory, disk::lmdb})
    for (const bool cold : {false, true}) {
      world w(1, d, parts::bound);
      if (cold) w.forget_always();
      BOOST_TEST(add(w, 5, {}) == "5");
      const auto seen = tag_of(w, "tally", "t");
      BOOST_TEST(add(w, 1, only_if(state_is(seen))) == "6");
      BOOST_TEST(add(w, 1, only_if(state_is(seen))) == refused);
      BOOST_TEST(add(w, 1, only_if({kind::state_among, {1, tag_of(w, "tally", "t")}})) == "7");
      BOOST_TEST(add(w, 1, only_if({kind::state_among, {}})) == refused);
      restart(w);
      BOOST_TEST(add(w, 1, only_if(state_is(seen))) == refused);
      BOOST_TEST(add(w, 1, only_if(state_is(tag_of(w, "tally", "t")))) == "8");
    }
}

BOOST_AUTO_TEST_CASE(a_call_can_depend_on_whether_the_actor_is_there) {
  world w(2, disk::memory, parts::bound);
  BOOST_TEST(add(w, 1, only_if({kind::exists, {}})) == refused);
  BOOST_TEST(add(w, 1, only_if(state_is(state_tag({})))) == refused);  // nobody has no state
  BOOST_TEST(add(w, 1, only_if({kind::absent, {}})) == "1");
  BOOST_TEST(add(w, 1, only_if({kind::absent, {}})) == refused);
  BOOST_TEST(add(w, 1, only_if({kind::exists, {}})) == "2");
  // One that has entries and no state is there.
  BOOST_REQUIRE(*w.perform(parts::bump("page", std::string("a")).what()));
  const auto again =
      w.perform(parts::bump("page", std::string("a")).what(), only_if({kind::absent, {}}));
  BOOST_TEST((again->error().why == cause::precondition_failed));
}

BOOST_AUTO_TEST_CASE(a_removal_is_done_only_if_its_precondition_holds) {
  world w(3, disk::memory, parts::bound);
  add(w, 5, {});
  const auto seen = tag_of(w, "tally", "t");
  add(w, 1, {});
  BOOST_TEST(erase(w, only_if(state_is(seen))) == refused);
  BOOST_TEST(add(w, 0, {}) == "6");
  BOOST_TEST(erase(w, only_if(state_is(tag_of(w, "tally", "t")))) == "gone");
  BOOST_TEST(erase(w, only_if({kind::exists, {}})) == refused);
  BOOST_TEST(erase(w, {}) == "gone");
  BOOST_TEST(add(w, 1, only_if({kind::absent, {}})) == "1");
}

// Look and write are one turn: of many who have read the same state one writes, wherever their calls meet.
BOOST_AUTO_TEST_CASE(one_caller_writes_of_many_that_have_read_the_same_state) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    world w(seed, disk::memory, parts::bound);
    add(w, 5, {});
    const auto seen = tag_of(w, "tally", "t");
    std::vector<world::answer_slot> asked;
    for (int i = 0; i < 5; ++i)
      asked.push_back(w.ask(parts::add("t", parts::number{1}).what(), only_if(state_is(seen))));
    w.run();
    const auto done = std::count_if(asked.begin(), asked.end(),
                                    [](const auto& slot) { return static_cast<bool>(**slot); });
    BOOST_TEST(done == 1);
    BOOST_TEST(add(w, 0, {}) == "6");
  }
}

// The second answer is the first, although the state is another by then, and also after a crash.
BOOST_AUTO_TEST_CASE(a_call_with_a_key_and_a_precondition_keeps_its_first_answer) {
  world w(4, disk::memory, parts::bound);
  add(w, 5, {});
  const auto seen = tag_of(w, "tally", "t");
  for (const bool crash : {false, true}) {
    if (crash) restart(w);
    BOOST_TEST(add(w, 1, once_and_only_if("done", state_is(seen))) == "6");
    BOOST_TEST(add(w, 1, once_and_only_if("late", state_is(seen))) == refused);
  }
  add(w, -1, {});
  BOOST_TEST(tag_of(w, "tally", "t") == seen);  // equal states have equal tags
  BOOST_TEST(add(w, 1, once_and_only_if("late", state_is(seen))) == refused);
  BOOST_TEST(erase(w, once_and_only_if("gone", state_is(seen))) == "gone");
  restart(w);
  BOOST_TEST(add(w, 5, {}) == "5");
  BOOST_TEST(erase(w, once_and_only_if("gone", state_is(seen))) == "gone");
  BOOST_TEST(add(w, 0, {}) == "5");
}

BOOST_AUTO_TEST_CASE(an_instance_takes_no_precondition_but_its_creation_time) {
  world w(5, disk::memory, parts::bound);
  const auto started = w.start(parts::collect.as("c").what(), only_if({kind::absent, {}}));
  BOOST_TEST((!*started && started->error().why == cause::invalid));
  BOOST_TEST(add(w, 1, only_if(created_at(w.now()))) == "invalid");
}

// Whoever has its id by now is not reached by what was meant for the one before.
BOOST_AUTO_TEST_CASE(an_instance_is_steered_only_if_it_is_the_one_that_was_meant) {
  world w(6, disk::memory, parts::bound);
  const auto status = [&] { return **w.status("c"); };
  BOOST_REQUIRE(*w.start(parts::collect.as("c")));
  w.run();
  const auto first = only_if(created_at(status().created));
  BOOST_REQUIRE(*w.terminate("c", "enough", first));
  w.run();
  w.advance(1s);
  BOOST_REQUIRE(*w.start(parts::collect.as("c")));
  w.run();
  const auto next = status();
  using steering = std::function<void(node&, ask_options, when<void>)>;
  const steering all[] = {
      [](node& n, auto o, auto told) { n.instances().terminate("c", {"why"}, o, told); },
      [](node& n, auto o, auto told) { n.instances().suspend("c", "why", o, told); },
      [](node& n, auto o, auto told) { n.instances().resume("c", "why", o, told); },
      [](node& n, auto o, auto told) { n.instances().rewind("c", "why", o, told); },
      [](node& n, auto o, auto told) { n.instances().purge("c", {}, o, told); },
      [](node& n, auto o, auto told) { n.instances().raise(event_to("c", "nudge", {}), o, told); },
      [](node& n, auto o, auto told) {
        n.instances().restart("c", "c", o, [told](result<std::string> r) {
          told(r ? result<>(done) : result<>(r.error()));
        });
      },
  };
  for (const auto& steer : all) {
    const auto said = family::answer<void>(w, [&](auto told) { steer(w.at(), first, told); });
    BOOST_TEST_REQUIRE((said && !*said));
    BOOST_TEST(to_string(said->error().why) == refused, said->error().text);
    BOOST_TEST((status().updated == next.updated));
    BOOST_TEST((status().state == next.state));
  }
  const auto gone = family::answer<void>(
      w, [&](auto told) { w.at().instances().suspend("nobody", "why", first, told); });
  BOOST_TEST((gone->error().why == cause::not_found));
}

BOOST_AUTO_TEST_SUITE_END()
