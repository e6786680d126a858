// What a node tells to traces: one span for each thing that was really done, in the trace that asked
// for it, across crashes and replays.

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/span.hpp"
#include "runtime/trace_state.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;

inline constexpr activity<std::string, std::string> shout{"shout"};
inline constexpr event<bool> go{"go"};
inline constexpr orchestration<std::string, std::string> leg{"leg"};
inline constexpr orchestration<none, std::string> trip{"trip.2"};
inline constexpr orchestration<parts::number, parts::number> rounds{"rounds"};
inline constexpr orchestration<none, none> messenger{"messenger"};

bool broken = false;
int failures = 0;  // still to come

trace_fields sent;  // what the last attempt could have sent on

result<std::string> shout_it(std::string text, attempt_context& here) {
  sent = here.trace();
  if (broken || failures-- > 0) throw std::runtime_error("no voice");
  return text + "!";
}

task<std::string> run_leg(value<std::string> where) {
  auto said = co_await shout(*where);
  co_return *said;
}

// Something of everything.
task<std::string> run_trip(value<none>) {
  auto said = co_await shout(std::string("off"))
                  .with(retry{.attempts = 3, .first = std::chrono::seconds(1)});
  auto there = co_await leg(std::string("there"));
  co_await parts::add("miles", parts::number{7});
  co_await sleep(1h);
  co_await go();
  co_return *said + *there;
}

task<parts::number> run_rounds(value<parts::number> left) {
  co_await sleep(1s);
  if (*left > 1) co_await continue_as_new(*left - 1);
  co_return *left;
}

task<none> run_messenger(value<none>) {
  co_await tell(go.to("t", true));
  co_await tell(parts::add("miles", parts::number{1}));
}

application bound() {
  auto app = parts::bound();
  app.bind(shout, shout_it).bind(go).bind(leg, run_leg).bind(trip, run_trip);
  app.bind(rounds, run_rounds).bind(messenger, run_messenger);
  return app;
}

const trace_context caller =
    *read_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

ask_options traced() {
  ask_options o;
  o.trace = caller;
  return o;
}

// A world whose node tells its spans here.
struct listened {
  explicit listened(std::uint64_t seed = 1, disk d = disk::memory)
      : w(seed, d, bound, world::begins::down) {
    w.tell_spans([this](span s) { heard.push_back(std::move(s)); });
    w.open();
    broken = false;
    failures = 0;
  }

  strings names() const {
    strings all;
    for (const auto& s : heard) all.push_back(s.name);
    std::sort(all.begin(), all.end());
    return all;
  }
  // NAME < PARENT, sorted; the caller's span is "caller".
  strings tree() const {
    std::map<std::uint64_t, std::string> by_id{{caller.span, "caller"}};
    for (const auto& s : heard) by_id[s.at.span] = s.name;
    strings all;
    for (const auto& s : heard)
      all.push_back(s.name + " < " + (by_id.contains(s.parent) ? by_id[s.parent] : "nobody"));
    std::sort(all.begin(), all.end());
    return all;
  }
  const span& one(const std::string& name) const {
    const auto found =
        std::find_if(heard.begin(), heard.end(), [&](const span& s) { return s.name == name; });
    BOOST_TEST_REQUIRE((found != heard.end()), name);
    return *found;
  }

  std::vector<span> heard;
  world w;
};

std::string tag(const span& s, std::string_view name) {
  for (const auto& t : s.tags) {
    if (t.name != name) continue;
    if (const auto* text = std::get_if<std::string>(&t.value)) return *text;
    return std::to_string(std::get<std::int64_t>(t.value));
  }
  return "";
}

const strings whole_trip{
    "activity:shout < orchestration:leg",
    "activity:shout < orchestration:trip@(2)",
    "create_orchestration:trip@(2) < caller",
    "entity:tally:add < orchestration:trip@(2)",
    "orchestration:leg < orchestration:trip@(2)",
    "orchestration:trip@(2) < create_orchestration:trip@(2)",
    "orchestration:trip@(2):timer < orchestration:trip@(2)",
    "orchestration_event:go < caller",
};

bool run_until(world& w, duration limit) {
  return w.run_until([&] { return w.ended("t"); }, limit);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(spans)

BOOST_AUTO_TEST_CASE(a_traceparent_is_read_strictly) {
  const std::string trace = "0af7651916cd43dd8448eb211c80319c", span = "b7ad6b7169203331";
  const auto whole = "00-" + trace + "-" + span;
  struct row {
    std::string text;
    bool good;
  };
  const row rows[] = {
      {whole + "-01", true},
      {whole + "-00", true},
      {whole + "-ff", true},
      {"cc-" + trace + "-" + span + "-01", true},
      {"cc-" + trace + "-" + span + "-01-what-comes", true},
      {"cc-" + trace + "-" + span + "-01what", false},
      {"ff-" + trace + "-" + span + "-01", false},
      {whole + "-01-", false},
      {whole + "-1", false},
      {whole + "-0g", false},
      {whole + "-0A", false},
      {whole, false},
      {"", false},
      {"0-" + trace + "-" + span + "-01", false},
      {"00-0AF7651916CD43DD8448EB211C80319C-" + span + "-01", false},
      {"00-" + std::string(32, '0') + "-" + span + "-01", false},
      {"00-" + trace + "-" + std::string(16, '0') + "-01", false},
      {"00_" + trace + "-" + span + "-01", false},
      {"00-" + trace + "_" + span + "-01", false},
      {"00-" + trace + "-" + span + "_01", false},
      {" " + whole + "-0", false},
  };
  for (const auto& [text, good] : rows) {
    const auto read = read_traceparent(text);
    BOOST_TEST(read.has_value() == good, text);
    if (!read) continue;
    BOOST_TEST(trace_id_text(*read) == trace);
    BOOST_TEST(span_id_text(read->span) == span);
    const char last = text[54];  // of the flags
    BOOST_TEST(read->sampled == (last == '1' || last == 'f'), text);
    BOOST_TEST((read_traceparent(traceparent_of(*read)) == read));
  }
  const auto fresh = new_trace();
  BOOST_TEST(!!fresh);
  BOOST_TEST(fresh.sampled);
  BOOST_TEST((new_trace() != fresh));
}

BOOST_AUTO_TEST_CASE(the_spans_of_an_orchestration_are_one_trace) {
  listened l;
  auto& w = l.w;
  BOOST_REQUIRE(*w.start(trip.as("t"), traced()));
  BOOST_REQUIRE(*w.raise(go.to("t", true), traced()));
  BOOST_TEST(run_until(w, 2h));
  BOOST_TEST(l.tree() == whole_trip, boost::test_tools::per_element());
  for (const auto& s : l.heard) {
    BOOST_TEST(trace_id_text(s.at) == trace_id_text(caller));
    BOOST_TEST((s.began <= s.ended), s.name);
    BOOST_TEST(s.error == "");
  }
  const auto& run = l.one("orchestration:trip@(2)");
  BOOST_TEST(tag(run, "durabletask.type") == "orchestration");
  BOOST_TEST(tag(run, "durabletask.task.name") == "trip");
  BOOST_TEST(tag(run, "durabletask.task.version") == "2");
  BOOST_TEST(tag(run, "durabletask.task.instance_id") == "t");
  BOOST_TEST(tag(run, "durabletask.task.status") == "Completed");
  BOOST_TEST((run.kind == span_kind::server));
  BOOST_TEST((run.ended - run.began >= 1h));
  const auto& timer = l.one("orchestration:trip@(2):timer");
  BOOST_TEST((timer.ended - timer.began >= 1h));
  BOOST_TEST(tag(timer, "durabletask.fire_at").starts_with("2026-11-23T"));
  const auto& turn = l.one("entity:tally:add");
  BOOST_TEST(tag(turn, "durabletask.task.instance_id") == "@tally@miles");
  BOOST_TEST(tag(turn, "durabletask.task.operation") == "call_entity");
  BOOST_TEST(tag(l.one("orchestration_event:go"), "durabletask.event.target_instance_id") == "t");
  BOOST_TEST(tag(l.one("activity:shout"), "durabletask.task.task_id") == "1");
}

// Every host is dropped after every step and the process dies again and again: what is replayed says
// nothing, and what is said after a crash has the parents from before it.
BOOST_AUTO_TEST_CASE(a_replay_emits_no_spans_and_a_crash_loses_no_parent) {
  for (auto d : {disk::memory, disk::lmdb}) {
    listened l(2, d);
    auto& w = l.w;
    w.forget_always();
    BOOST_REQUIRE(*w.start(trip.as("t"), traced()));
    w.run();
    for (int i = 0; i < 3; ++i) {
      w.crash();
      w.open();
      w.advance(10min);
    }
    BOOST_REQUIRE(*w.raise(go.to("t", true), traced()));
    w.crash();
    w.open();
    BOOST_TEST(run_until(w, 2h));
    BOOST_TEST(l.tree() == whole_trip, boost::test_tools::per_element());
    std::set<std::uint64_t> ids;
    for (const auto& s : l.heard) ids.insert(s.at.span);
    BOOST_TEST(ids.size() == l.heard.size());
  }
}

// After every step of the story once: what is in the store alone names traces and parents. An attempt
// whose result was lost is made again, and is a span again. What was durable and not yet told is lost.
BOOST_AUTO_TEST_CASE(a_trace_is_whole_after_a_crash_at_any_step) {
  const std::size_t distinct = 7;  // names: there are two attempts
  int complete = 0, steps = 0;
  for (bool ended = false; !ended; ++steps) {
    listened l(3);
    auto& w = l.w;
    BOOST_REQUIRE(*w.start(trip.as("t"), traced()));
    BOOST_REQUIRE(*w.raise(go.to("t", true), traced()));
    for (int i = 0; i < steps && !ended; ++i) ended = !w.step();
    w.crash();
    w.open();
    BOOST_TEST_REQUIRE(run_until(w, 2h));
    std::set<std::uint64_t> ids;
    std::set<std::string> names;
    for (const auto& s : l.heard) {
      ids.insert(s.at.span);
      names.insert(s.name);
      BOOST_TEST(trace_id_text(s.at) == trace_id_text(caller));
    }
    BOOST_TEST(ids.size() == l.heard.size());
    if (names.size() < distinct) {
      BOOST_TEST(names.size() + 1 == distinct, "after " << steps << " steps");
      continue;
    }
    auto tree = l.tree();
    tree.erase(std::unique(tree.begin(), tree.end()), tree.end());
    BOOST_TEST(tree == whole_trip, boost::test_tools::per_element());
    ++complete;
  }
  BOOST_TEST(complete > steps / 2);
}

// What came with the trace goes wherever the trace goes, whichever process it is in.
BOOST_AUTO_TEST_CASE(the_state_of_a_trace_goes_on_with_it) {
  for (const bool crash : {false, true}) {
    listened l(4);
    auto& w = l.w;
    auto with_state = traced();
    with_state.trace = *read_trace(traceparent_of(caller), "rojo=00f067aa, congo@x=t61");
    BOOST_REQUIRE(*w.start(trip.as("t"), with_state));
    for (int i = 0; i < 3 && crash; ++i) {
      w.run();
      w.crash();
      w.open();
      w.advance(10min);
    }
    BOOST_REQUIRE(*w.raise(go.to("t", true), with_state));
    if (crash) w.crash();
    if (crash) w.open();
    BOOST_TEST(run_until(w, 2h));
    BOOST_TEST(l.tree() == whole_trip, boost::test_tools::per_element());
    for (const auto& s : l.heard)
      BOOST_TEST(s.at.state_text() == "rojo=00f067aa,congo@x=t61", s.name);
    // What an attempt asks of others has it as its cause.
    BOOST_TEST(sent.tracestate == "rojo=00f067aa,congo@x=t61");
    const auto cause = read_traceparent(sent.traceparent);
    BOOST_REQUIRE(cause);
    BOOST_TEST(std::any_of(l.heard.begin(), l.heard.end(), [&](const span& s) {
      return s.name == "activity:shout" && s.at.span == cause->span && s.at.low == cause->low;
    }));
  }
}

BOOST_AUTO_TEST_CASE(a_tracestate_is_read_or_dropped_as_a_whole) {
  const std::string long_value(256, 'v');
  const std::pair<std::string, std::string> rows[] = {
      {"a=1", "a=1"},
      {" a=1 ,,\tb=2 ", "a=1,b=2"},
      {"a=1 2 3", "a=1 2 3"},
      {"0tenant@system/x_-*=!~", "0tenant@system/x_-*=!~"},
      {"a=" + long_value, "a=" + long_value},
      {"", ""},
      {",", ""},
      {"a", ""},
      {"a=", ""},
      {"=1", ""},
      {"a=1,a=2", ""},
      {"a=1,B=2", ""},
      {"a=1=2", ""},
      {"a=1,b=\x7f", ""},
      {"@a=1", ""},
      {"a@=1", ""},
      {"a@b@c=1", ""},
      {"a=" + long_value + "v", ""},
      {std::string(257, 'k') + "=1", ""},
  };
  for (const auto& [text, read] : rows) BOOST_TEST(read_tracestate(text) == read, text);
  std::string many;
  for (int i = 0; i < 32; ++i) many += (i == 0 ? "" : ",") + std::to_string(i) + "=1";
  BOOST_TEST(read_tracestate(many) == many);
  BOOST_TEST(read_tracestate(many + ",more=1") == "");
  // Too long: long members go first, the last ones after them.
  const std::string of_100(98, 'v'), of_200(198, 'v');
  const auto five =
      "a=" + of_100 + ",b=" + of_100 + ",c=" + of_100 + ",d=" + of_100 + ",e=" + of_100;
  BOOST_TEST(read_tracestate(five) == five);
  BOOST_TEST(read_tracestate("l=" + of_200 + "," + five) == five);
  BOOST_TEST(read_tracestate(five + ",f=" + of_100) == five);
  for (const auto& [text, kept] : rows) {
    const auto read = read_trace(traceparent_of(caller), text);
    BOOST_REQUIRE(read);
    BOOST_TEST((*read_stored_trace(stored_trace(*read)) == *read));
    BOOST_TEST((stored_trace(*read) == traceparent_of(caller)) == kept.empty());
  }
  BOOST_TEST(!read_trace("00-1-1-01", "a=1"));
}

BOOST_AUTO_TEST_CASE(each_attempt_is_a_span) {
  listened l;
  auto& w = l.w;
  failures = 2;
  BOOST_REQUIRE(*w.start(trip.as("t"), traced()));
  w.run();
  w.crash();  // between the first attempt and the second
  w.open();
  w.advance(1min);
  strings attempts;
  for (const auto& s : l.heard)
    if (s.name == "activity:shout" && tag(s, "durabletask.task.instance_id") == "t")
      attempts.push_back(tag(s, "reprise.attempt") + " " + tag(s, "durabletask.task.status") + " " +
                         s.error);
  const strings expected{"1 Failed no voice", "2 Failed no voice", "3 Completed "};
  BOOST_TEST(attempts == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_generation_is_a_span_of_the_same_trace) {
  listened l;
  BOOST_REQUIRE(*l.w.start(rounds.as("t", parts::number{3}), traced()));
  l.w.run();
  l.w.crash();
  l.w.open();
  BOOST_TEST(run_until(l.w, 1h));
  strings ends;
  std::set<std::uint64_t> ids;
  for (const auto& s : l.heard) {
    if (s.name != "orchestration:rounds") continue;
    ends.push_back(tag(s, "durabletask.task.status"));
    ids.insert(s.at.span);
    BOOST_TEST(s.parent == l.one("create_orchestration:rounds").at.span);
    BOOST_TEST(s.at.low == caller.low);
  }
  const strings expected{"ContinuedAsNew", "ContinuedAsNew", "Completed"};
  BOOST_TEST(ends == expected, boost::test_tools::per_element());
  BOOST_TEST(ids.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_failed_run_and_the_one_after_its_rewind_are_two) {
  listened l;
  broken = true;
  BOOST_REQUIRE(*l.w.start(leg.as("t", std::string("x")), traced()));
  BOOST_TEST(run_until(l.w, 1h));
  broken = false;
  std::optional<result<>> taken;
  l.w.at().instances().rewind("t", "", {}, [&](result<> r) { taken = r; });
  l.w.run();
  BOOST_TEST_REQUIRE(!!*taken);
  BOOST_TEST(run_until(l.w, 1h));
  const strings expected{"activity:shout < orchestration:leg", "activity:shout < orchestration:leg",
                         "create_orchestration:leg < caller",
                         "orchestration:leg < create_orchestration:leg",
                         "orchestration:leg < create_orchestration:leg"};
  BOOST_TEST(l.tree() == expected, boost::test_tools::per_element());
  const auto& first = l.one("orchestration:leg");
  BOOST_TEST(first.error == "no voice");
  BOOST_TEST(tag(first, "durabletask.task.status") == "Failed");
  BOOST_TEST(tag(l.heard.back(), "durabletask.task.status") == "Completed");
  BOOST_TEST(l.heard.back().at.span != first.at.span);
}

BOOST_AUTO_TEST_CASE(spans_show_a_signal_and_a_termination) {
  listened l;
  BOOST_REQUIRE(*l.w.start(trip.as("t"), traced()));
  l.w.run();
  BOOST_REQUIRE(*l.w.start(messenger.as("m"), traced()));
  l.w.run();
  const auto& event = l.one("orchestration_event:go");
  BOOST_TEST(event.parent == l.one("orchestration:messenger").at.span);
  BOOST_REQUIRE(*l.w.terminate("t", "enough"));
  l.w.run();
  const auto& run = l.one("orchestration:trip@(2)");
  BOOST_TEST(tag(run, "durabletask.task.status") == "Terminated");
  BOOST_TEST(run.error == "enough");
  const auto signalled = std::find_if(l.heard.begin(), l.heard.end(), [](const span& s) {
    return tag(s, "durabletask.task.operation") == "signal_entity";
  });
  BOOST_TEST_REQUIRE((signalled != l.heard.end()));
  BOOST_TEST((signalled->kind == span_kind::consumer));
}

BOOST_AUTO_TEST_CASE(a_start_without_a_sampled_trace_has_no_spans) {
  listened l;
  BOOST_REQUIRE(*l.w.start(trip.as("t")));
  auto unsampled = traced();
  unsampled.trace.sampled = false;
  BOOST_REQUIRE(*l.w.raise(go.to("t", true), unsampled));
  BOOST_TEST(run_until(l.w, 2h));
  BOOST_TEST(l.names() == strings{}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_node_without_a_span_listener_keeps_no_trace) {
  world w(1, disk::memory, bound);
  BOOST_REQUIRE(*w.start(trip.as("t"), traced()));
  BOOST_REQUIRE(*w.raise(go.to("t", true), traced()));
  BOOST_TEST(run_until(w, 2h));
  const auto page = *w.status("t", with_history::yes);
  BOOST_TEST(page->history.front().key == "");
}

BOOST_AUTO_TEST_SUITE_END()
