// Every way into a transition, with little and with too much: nothing dies of it, what is too much fails
// with the limit's name, is consumed once, and nobody beside it notices.

#include <functional>
#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "persistence/limits.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/node/engine.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;
using parts::number;

namespace {

namespace data = boost::unit_test::data;

constexpr std::size_t MiB = std::size_t{1} << 20;
constexpr std::size_t most = limits::max_bytes_per_turn;

// Actors, activities and children that are given or give so much.
constexpr actor<std::string> box{"box"};
constexpr operation<std::string, number, std::string> give{box, "give"};  // after a write
constexpr operation<std::string, number, std::string> look{box, "look"};  // read-only
constexpr operation<std::string, number, none> refuse{box, "refuse"};
constexpr operation<std::string, number, none> burst{box, "burst"};
constexpr operation<std::string, number, none> keep{box, "keep"};
constexpr operation<std::string, number, none> enter{box, "enter"};
constexpr operation<std::string, std::string, none> take{box, "take"};
constexpr operation<std::string, number, none> pass{box, "pass"};
constexpr operation<std::string, number, none> begin_one{box, "begin_one"};
constexpr operation<std::string, number, none> call_out{box, "call_out"};
constexpr activity<number, std::string> bring{"bring"};
constexpr activity<number, none> fall{"fall"};
constexpr activity<number, none> crash{"crash"};
constexpr activity<std::string, none> swallow{"swallow"};
constexpr activity<number, none> absent{"absent"};  // bound nowhere
constexpr event<std::string> heard{"heard"};
constexpr event<none> enough{"enough"};
constexpr orchestration<number, std::string> offspring{"offspring"};
constexpr orchestration<std::string, none> sink{"sink"};
constexpr orchestration<none, none> listener{"listener"};
constexpr orchestration<number, none> crowd{"crowd"};
constexpr orchestration<std::string, std::string> way{"way"};  // "what it does|how much"

std::string much(number n) { return std::string(static_cast<std::size_t>(n), 'x'); }

struct boxed {
  state<std::string> held;
  table<std::string, std::string> shelf{"shelf"};
  result<std::string> give(number n) {
    held.edit() = "given";
    return much(n);
  }
  result<std::string> look(number n) const { return much(n); }
  result<> refuse(number n) { return reject(much(n)); }
  result<> burst(number n) { throw std::runtime_error(much(n)); }
  result<> keep(number n) {
    held.edit() = much(n);
    return done;
  }
  result<> enter(number n) {
    shelf.put("one", much(n));
    return done;
  }
  result<> take(std::string) { return done; }
  result<> pass(number n, turn& here) {
    here.tell(limits_take(much(n)));
    return done;
  }
  result<> begin_one(number n, turn& here) {
    here.start(sink.as("begun", much(n)));
    return done;
  }
  result<> call_out(number n, turn& here) {
    here.raise(heard, "nobody", much(n));
    return done;
  }
  static operation_call<none> limits_take(std::string what) {
    return ::take("other", std::move(what));
  }
};

result<std::string> run_bring(number n) { return much(n); }
result<> run_fall(number n) { return fail(much(n)); }
result<> run_crash(number n) { throw std::runtime_error(much(n)); }
result<> run_swallow(std::string) { return done; }
task<none> run_sink(std::string) { co_return; }
task<none> run_listener(none) {
  for (;;) co_await heard();
}

task<std::string> run_offspring(number n) {
  if (n < 0) throw failed(reject(much(-n)));
  co_return much(n);
}

template <class T>
std::string word(const result<value<T>>& r) {
  return r ? "ok" : std::string(to_string(r.error().why)) + ": " + r.error().text.substr(0, 200);
}

// What orchestrations do: the answer is "ok" or the failure that the code was given.
task<std::string> run_way(std::string what) {
  if (what.front() == 'x') co_return std::string("ok");  // went on as new
  const auto bar = what.find('|');
  const auto n = static_cast<number>(std::stoll(what.substr(bar + 1)));
  what.resize(bar);
  const auto text = much(n);
  const retry twice{.attempts = 2, .first = 1s};
  if (what == "activity answers") co_return word(co_await attempt(bring(n)));
  if (what == "activity fails") co_return word(co_await attempt(fall(n)));
  if (what == "activity throws") co_return word(co_await attempt(crash(n)));
  if (what == "activity fails twice") co_return word(co_await attempt(fall(n).with(twice)));
  if (what == "activity fails, uncaught") co_await fall(n);
  if (what == "activity is given") co_await swallow(text);
  if (what == "operation answers") co_return word(co_await attempt(give("b", n)));
  if (what == "operation reads") co_return word(co_await attempt(look("b", n)));
  if (what == "operation rejects") co_return word(co_await attempt(refuse("b", n)));
  if (what == "operation throws") co_return word(co_await attempt(burst("b", n)));
  if (what == "operation is given") co_await take("b", text);
  if (what == "state") co_return word(co_await attempt(keep("b", n)));
  if (what == "entry") co_return word(co_await attempt(enter("b", n)));
  if (what == "actor tells") co_return word(co_await attempt(pass("b", n)));
  if (what == "actor starts") co_return word(co_await attempt(begin_one("b", n)));
  if (what == "actor raises") co_return word(co_await attempt(call_out("b", n)));
  if (what == "child answers") co_return word(co_await attempt(offspring(n)));
  if (what == "child fails") co_return word(co_await attempt(offspring(-n)));
  if (what == "child fails, uncaught") co_await offspring(-n);
  if (what == "child is given") co_await sink(text);
  if (what == "tell") co_await tell(take("b", text));
  if (what == "launch") co_await tell(sink(text));
  if (what == "signal") co_await tell(heard.to("nobody", text));
  if (what == "status") co_await set_status(text);
  if (what == "throws") throw std::runtime_error(text);
  if (what == "goes on") co_await continue_as_new(text);
  if (what == "output") co_return text;
  co_return std::string("ok");
}

// Asks for so many activities that nobody runs, each with its own timer, and ends before they do.
task<none> run_crowd(number n) {
  std::vector<pending<none>> all;
  for (number i = 0; i < n; ++i) {
    auto one = absent(i).within(1h);
    all.push_back(co_await begin(one));
  }
  co_await enough();
  co_return;
}

application bound() {
  auto app = parts::bound();
  app.bind(give, &boxed::give).bind(look, &boxed::look).bind(refuse, &boxed::refuse);
  app.bind(burst, &boxed::burst).bind(keep, &boxed::keep).bind(enter, &boxed::enter);
  app.bind(take, &boxed::take).bind(pass, &boxed::pass).bind(begin_one, &boxed::begin_one);
  app.bind(call_out, &boxed::call_out);
  app.bind(bring, run_bring).bind(fall, run_fall).bind(crash, run_crash);
  app.bind(swallow, run_swallow).bind(heard).bind(enough);
  app.bind(offspring, run_offspring).bind(sink, run_sink).bind(listener, run_listener);
  app.bind(crowd, run_crowd).bind(way, run_way);
  return app;
}

// "ok", or the cause and the beginning of the text, of an instance that has ended.
std::string end_of(world& w, const std::string& id) {
  w.run_until([&] { return w.ended(id); }, 1h);
  const auto s = w.status(id);
  BOOST_REQUIRE(s && *s && (*s)->outcome);
  const auto& outcome = *(*s)->outcome;
  if (!outcome)
    return std::string(to_string(outcome.error().why)) + ": " + outcome.error().text.substr(0, 200);
  const auto text = **codec<std::string>::decode(*outcome);
  return text.size() < 300 ? text : "ok";
}

bool names_a_limit(const std::string& said) {
  return said.starts_with("limit: ") && said.find("max_bytes_per_turn") != said.npos;
}

struct row {
  const char* what;
  const char* with_little;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

const row rows[] = {
    {"activity answers", "ok"},
    {"activity fails", "failed"},
    {"activity throws", "failed"},
    {"activity fails twice", "failed"},
    {"activity is given", "ok"},
    {"activity fails, uncaught", "failed"},
    {"operation answers", "ok"},
    {"operation reads", "ok"},
    {"operation rejects", "rejected"},
    {"operation throws", "failed"},
    {"operation is given", "ok"},
    {"state", "ok"},
    {"entry", "ok"},
    {"actor tells", "ok"},
    {"actor starts", "ok"},
    {"actor raises", "ok"},
    {"child answers", "ok"},
    {"child fails", "rejected"},
    {"child is given", "ok"},
    {"child fails, uncaught", "rejected"},
    {"tell", "ok"},
    {"launch", "ok"},
    {"signal", "ok"},
    {"status", "ok"},
    {"throws", "failed"},
    {"goes on", "ok"},
    {"output", "ok"},
};

// One after the other on one node: what one of them leaves behind would show in the next.
void try_all_sizes(world& w, const row& r, const std::vector<std::size_t>& sizes) {
  number beside = 0;
  for (const auto size : sizes) {
    const auto id = std::to_string(size);
    BOOST_TEST_CONTEXT(r.what << " with " << size) {
      const auto begun = w.start(way.as(id, r.what + ("|" + id)));
      BOOST_TEST_REQUIRE((begun && *begun));
      const auto said = end_of(w, id);
      if (size <= MiB)
        BOOST_TEST(said.starts_with(r.with_little), said);
      else
        BOOST_TEST(names_a_limit(said), said);
      BOOST_TEST(*w.get(parts::add("beside", number{1})) == ++beside);
      w.crash();
      w.open();
      w.run();
      BOOST_TEST(end_of(w, id) == said);
      BOOST_TEST(w.waiting_records() == 0u);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(limits_of_a_turn)

BOOST_DATA_TEST_CASE(a_small_value_passes_and_one_just_below_the_limit_names_the_limit,
                     data::make(rows), r) {
  world w(1, disk::memory, bound);
  try_all_sizes(w, r, {MiB, most - 1});
}

BOOST_TEST_DECORATOR(*boost::unit_test::label("large"))
BOOST_DATA_TEST_CASE(a_value_of_any_size_from_the_limit_on_names_the_limit, data::make(rows), r) {
  world w(1, disk::memory, bound);
  try_all_sizes(w, r, {most, most + 1, 20 * MiB, 70 * MiB});
}

// What a log of the disk would not take in one frame, and could not even begin a segment with.
BOOST_AUTO_TEST_CASE(a_value_too_large_for_a_log_segment_names_the_limit) {
  for (const auto& r : rows)
    for (const char* one : {"activity answers", "child fails", "state"})
      if (r.what == std::string(one)) {
        world w(1, disk::lmdb, bound, world::begins::down);
        w.segment(limits::segment_bytes);
        w.open();
        try_all_sizes(w, r, {most, 67'108'864});
      }
}

BOOST_AUTO_TEST_CASE(a_value_of_200_million_bytes_names_the_limit_too) {
  world w(1, disk::memory, bound);
  try_all_sizes(w, rows[0], {200'000'000});
}

BOOST_AUTO_TEST_CASE(an_instance_with_more_timers_than_a_transition_can_erase_leaves_none) {
  constexpr number n = limits::closed_at_once + 1'000;
  for (const auto how : {"by itself", "terminated"}) {
    world w(1, disk::memory, bound);
    w.start(crowd.as("c", n));
    w.run();
    BOOST_TEST(w.waiting_records() >= 2u * n);
    if (how == std::string("by itself"))
      w.raise(enough.to("c", none()));
    else
      w.terminate("c", "it is late");
    w.run();
    BOOST_TEST(w.ended("c"));
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

// As when the process died between the end and the last of these transitions.
BOOST_AUTO_TEST_CASE(a_timer_that_outlived_its_instance_fires_without_effect_and_is_erased) {
  world w(1, disk::memory, bound);
  w.start(sink.as("s", std::string("short")));
  w.run();
  const auto ended = **w.status("s");
  const address self{address_kind::instance, "", "s"};
  runtime::transition left(w.engine().services, self, w.now());
  BOOST_TEST_REQUIRE(left.open(w.engine().log.epoch()));
  left.fire_later(ended.generation, 7, w.now() + 1h);
  left.commit();
  w.run();
  w.crash();
  w.open();
  BOOST_TEST(w.waiting_records() == 1u);
  w.run_until([] { return false; }, 2h);
  BOOST_TEST(w.waiting_records() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

// What an embedder may say: over the node's own functions, nobody has looked at it before.
BOOST_AUTO_TEST_SUITE(limits_of_callers)

namespace {

using told = std::function<void(const std::string&)>;  // "ok", or the cause
template <class T>
auto word_to(told tell) {
  return [tell](const result<T>& r) { tell(r ? "ok" : std::string(to_string(r.error().why))); };
}

struct calling {
  const char* what;
  std::function<void(node&, const std::string&, told)> call;  // with a text that is too long
  const char* answer;
};
std::ostream& operator<<(std::ostream& out, const calling& c) { return out << c.what; }

// With texts that fit, each is answered by something else.
const calling callings[] = {
    {"an input of an operation",
     [](node& n, const std::string& t, told tell) {
       n.perform(take("b", t).what(), {}, word_to<payload>(tell));
     },
     "limit"},
    {"a key of an actor",
     [](node& n, const std::string& t, told tell) {
       n.perform(parts::add(t, number{1}).what(), {}, word_to<payload>(tell));
     },
     "invalid"},
    {"a type of actors",
     [](node& n, const std::string& t, told tell) {
       auto what = parts::add("t", number{1}).what();
       what.name = t;
       n.perform(std::move(what), {}, word_to<payload>(tell));
     },
     "invalid"},
    {"an operation",
     [](node& n, const std::string& t, told tell) {
       auto what = parts::add("t", number{1}).what();
       what.operation = t;
       n.perform(std::move(what), {}, word_to<payload>(tell));
     },
     "invalid"},
    {"an idempotency key",
     [](node& n, const std::string& t, told tell) {
       n.perform(parts::add("t", number{1}).what(), {.once = idempotency{t, t, 1}},
                 word_to<payload>(tell));
     },
     "ok"},
    {"an input of a start",
     [](node& n, const std::string& t, told tell) {
       n.start(sink.as("s", t).what(), {}, word_to<std::string>(tell));
     },
     "limit"},
    {"an id",
     [](node& n, const std::string& t, told tell) {
       n.start(sink.as(t, std::string()).what(), {}, word_to<std::string>(tell));
     },
     "invalid"},
    {"an orchestration",
     [](node& n, const std::string& t, told tell) {
       auto what = sink.as("s", std::string()).what();
       what.name = t;
       n.start(std::move(what), {}, word_to<std::string>(tell));
     },
     "unbound"},
    {"a value of an event",
     [](node& n, const std::string& t, told tell) {
       n.instances().raise(heard.to("waits", t), {}, word_to<void>(tell));
     },
     "limit"},
    {"a name of an event",
     [](node& n, const std::string& t, told tell) {
       n.instances().raise(event_to("waits", t, {}), {}, word_to<void>(tell));
     },
     "invalid"},
    {"a reason to suspend",
     [](node& n, const std::string& t, told tell) {
       n.instances().suspend("waits", t, {}, word_to<void>(tell));
     },
     "limit"},
    {"a reason to resume",
     [](node& n, const std::string& t, told tell) {
       n.instances().resume("waits", t, {}, word_to<void>(tell));
     },
     "limit"},
    {"a reason to rewind",
     [](node& n, const std::string& t, told tell) {
       n.instances().rewind("waits", t, {}, word_to<void>(tell));
     },
     "limit"},
    {"a reason to terminate",
     [](node& n, const std::string& t, told tell) {
       n.instances().terminate("waits", {t}, {}, word_to<void>(tell));
     },
     "limit"},
    {"an id to restart",
     [](node& n, const std::string& t, told tell) {
       n.instances().restart(t, "r", {}, word_to<std::string>(tell));
     },
     "invalid"},
    {"an id to restart as",
     [](node& n, const std::string& t, told tell) {
       n.instances().restart("waits", t, {}, word_to<std::string>(tell));
     },
     "invalid"},
    {"an id to purge",
     [](node& n, const std::string& t, told tell) {
       n.instances().purge(t, {}, {}, word_to<void>(tell));
     },
     "invalid"},
    {"an id to look at",
     [](node& n, const std::string& t, told tell) {
       n.instances().status(t, with_history::yes, word_to<instance_status>(tell));
     },
     "invalid"},
    {"an id to ask why",
     [](node& n, const std::string& t, told tell) {
       n.instances().why(t, word_to<instance_waits>(tell));
     },
     "invalid"},
    {"an id to wait for",
     [](node& n, const std::string& t, told tell) {
       n.instances().wait(t, word_to<instance_status>(tell)).keep();
     },
     "invalid"},
    {"an actor to look at",
     [](node& n, const std::string& t, told tell) {
       n.actors().state({"tally", t}, word_to<actor_status>(tell));
     },
     "invalid"},
    {"an actor to erase",
     [](node& n, const std::string& t, told tell) {
       n.actors().erase({"tally", t}, {}, word_to<void>(tell));
     },
     "invalid"},
    {"a type to unlock",
     [](node& n, const std::string& t, told tell) {
       n.operate().unlock({t, "k"}, {}, word_to<void>(tell));
     },
     "invalid"},
    {"a prefix of ids",
     [](node& n, const std::string& t, told tell) {
       n.instances().list({.prefix = t}, {"", 10}, word_to<instance_page>(tell));
     },
     "invalid"},
    {"a place in a list",
     [](node& n, const std::string& t, told tell) {
       n.instances().list({}, {t, 10}, word_to<instance_page>(tell));
     },
     "invalid"},
    {"a prefix of ids to purge",
     [](node& n, const std::string& t, told tell) {
       n.operate().purge({.prefix = t}, 1s, word_to<purge_report>(tell));
     },
     "invalid"},
    {"a type of actors to list",
     [](node& n, const std::string& t, told tell) {
       n.actors().list({t, ""}, {"", 10}, word_to<actor_page>(tell));
     },
     "invalid"},
    {"a prefix of keys",
     [](node& n, const std::string& t, told tell) {
       n.actors().list({"tally", t}, {"", 10}, word_to<actor_page>(tell));
     },
     "invalid"},
    {"a place in a list of actors",
     [](node& n, const std::string& t, told tell) {
       n.actors().list({"tally", ""}, {t, 10}, word_to<actor_page>(tell));
     },
     "invalid"},
    {"a dead letter",
     [](node& n, const std::string& t, told tell) { n.operate().retry(t, word_to<void>(tell)); },
     "not_found"},
    {"a place among dead letters",
     [](node& n, const std::string& t, told tell) {
       n.operate().dead_letters(t, word_to<dead_letter_page>(tell));
     },
     "invalid"},
};

}  // namespace

BOOST_DATA_TEST_CASE(a_text_that_is_too_long_is_refused_and_nothing_happens, data::make(callings),
                     c) {
  world w(1, disk::memory, bound);
  w.start(listener.as("waits", none()));
  w.run();
  for (const auto size : {most + 1}) {
    std::string said;
    c.call(w.at(), std::string(size, 'x'), [&](const std::string& one) { said += one; });
    w.run();
    BOOST_TEST(said == c.answer, size);
    BOOST_TEST(*w.get(parts::add("beside", number{1})) > 0);
    BOOST_TEST(((**w.status("waits")).state == instance_state::running));
  }
}

BOOST_AUTO_TEST_CASE(keys_are_bytes_that_a_path_can_hold) {
  world w(1, disk::memory, bound);
  const auto long_one = [](std::size_t n) { return std::string(n, 'k'); };
  const std::pair<std::string, const char*> keys[] = {
      {long_one(max_key), "ok"}, {long_one(max_key + 1), "invalid"},
      {"", "invalid"},           {std::string("nul\0", 4), "invalid"},
      {"a/b", "invalid"},        {"@a", "invalid"},
      {"line\n", "invalid"},     {"a b", "ok"},
  };
  for (const auto& [key, answer] : keys) {
    std::string said;
    const auto tell = [&](const std::string& one) { said = one; };
    w.at().perform(parts::add(key, number{1}).what(), {}, word_to<payload>(tell));
    w.run();
    BOOST_TEST(said == answer, key);
    w.at().instances().status(key, with_history::no, word_to<instance_status>(tell));
    w.run();
    BOOST_TEST(said == (answer == std::string("ok") ? "not_found" : "invalid"), key);
    w.at().instances().list({.prefix = key}, {"", 10}, word_to<instance_page>(tell));
    w.run();
    BOOST_TEST(said == (key.empty() ? "ok" : answer), key);
  }
}

BOOST_AUTO_TEST_SUITE_END()
