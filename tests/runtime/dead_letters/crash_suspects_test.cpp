// Who may have killed the process goes on one after the other; the rest of the node does not wait.

#include "runtime/dead_letters/crash_suspects.hpp"

#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "persistence/keys.hpp"
#include "runtime/node/engine.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;
using runtime::suspect_list;
using list = std::vector<std::string>;

namespace {

std::string tally_named(const std::string& key) {
  return runtime::letter_of({address_kind::actor, "tally", key});
}

// The process after one that died with these on its list.
void open_with(world& w, const suspect_list& all) {
  w.wrap([all](std::unique_ptr<persistence::store> inner) {
    std::vector<persistence::batch> group(1);
    group.back().put(persistence::keys::meta(suspect_list::record), all.encode());
    BOOST_REQUIRE(static_cast<bool>(inner->commit(inner->durable() + 1, group)));
    return inner;
  });
  w.open();
}

bool is_recorded(world& w) {
  persistence::load_request one;
  one.keys = {persistence::keys::meta(suspect_list::record)};
  return w.engine().store->read(one).values.front().has_value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(suspicion)

BOOST_AUTO_TEST_CASE(every_name_that_ran_is_suspected_at_first) {
  const auto left = suspect_list{}.narrowed({"a", "b", "c"});
  BOOST_TEST(left.names == (list{"a", "b", "c"}), boost::test_tools::per_element());
  BOOST_TEST(left.trial == 1u);
}

BOOST_AUTO_TEST_CASE(a_suspect_that_did_not_run_this_time_is_cleared_and_the_order_turns) {
  const suspect_list before{1, {"a", "b", "c"}};
  const auto left = before.narrowed({"c", "x", "a"});
  BOOST_TEST(left.names == (list{"c", "a"}), boost::test_tools::per_element());
  BOOST_TEST(left.trial == 2u);
  const auto last = left.narrowed({"x", "c"});
  BOOST_TEST(last.names == (list{"c"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_suspects_are_replaced_when_none_of_them_ran) {
  const auto left = suspect_list{5, {"a", "b"}}.narrowed({"x", "y"});
  BOOST_TEST(left.names == (list{"x", "y"}), boost::test_tools::per_element());
  BOOST_TEST(left.trial == 1u);
}

BOOST_AUTO_TEST_CASE(the_list_is_read_back_as_it_was_written) {
  const suspect_list all{7, {"a", std::string("\0\1", 2), ""}};
  const auto back = suspect_list::decode(all.encode());
  BOOST_REQUIRE(back.has_value());
  BOOST_TEST(back->trial == 7u);
  BOOST_TEST(back->names == all.names, boost::test_tools::per_element());
  for (const auto* damaged : {"", "abc", "\1\1\1\1\xff\xff\xff\x7f-"})
    BOOST_TEST(!suspect_list::decode(damaged));
}

BOOST_AUTO_TEST_CASE(suspects_go_on_one_after_the_other_and_no_other_actor_waits) {
  world w(1, disk::memory, parts::bound, world::begins::down);
  open_with(w, {1, {tally_named("a"), tally_named("b"), tally_named("c")}});
  const auto a = w.ask(parts::add("a", parts::number{1}).what());
  const auto b = w.ask(parts::add("b", parts::number{1}).what());
  const auto c = w.ask(parts::add("c", parts::number{1}).what());
  const auto other = w.ask(parts::add("other", parts::number{1}).what());
  w.run();
  BOOST_TEST((a->has_value() && other->has_value()));
  BOOST_TEST((!b->has_value() && !c->has_value()));
  w.advance(2s);  // trial 1: two seconds each
  BOOST_TEST((b->has_value() && !c->has_value()));
  w.advance(2s);
  BOOST_TEST(c->has_value());
  w.advance(2s);
  BOOST_TEST(!w.engine().on_trial.any());
  BOOST_TEST(is_recorded(w));  // one may kill late
  w.advance(11min);
  BOOST_TEST(!is_recorded(w));
}

BOOST_AUTO_TEST_CASE(a_suspect_is_cleared_by_its_end) {
  world w(2, disk::memory, parts::bound);
  const auto name = [](const std::string& instance) {
    return runtime::letter_of_activity(instance, "twice", {});
  };
  runtime::crash_suspects trial(w.engine().services);
  trial.put_on_trial({10, {name("a"), name("b")}});
  trial.begin();
  bool b_runs = false;
  BOOST_TEST(!trial.hold(name("a"), [] {}));
  BOOST_TEST(trial.hold(name("b"), [&] { b_runs = true; }));
  w.run();
  BOOST_TEST(!b_runs);
  trial.passed(name("a"));
  w.run();
  BOOST_TEST(b_runs);
  trial.passed(name("b"));
  BOOST_TEST(!trial.any());
  w.crash();  // before what it asked of the timers
}

BOOST_AUTO_TEST_SUITE_END()
