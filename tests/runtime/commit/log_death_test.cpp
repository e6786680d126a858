// The log's thread dies of what a turn wrote, at every start again: whose turn it was is found, and set
// aside like code that kills; who wrote beside it is not blamed.

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "persistence/keys.hpp"
#include "runtime/commit/group_writers.hpp"
#include "runtime/crash.hpp"
#include "tests/support/hooked_store.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;
using parts::number;

namespace {

constexpr actor<std::string> note{"note"};
constexpr operation<std::string, std::string, none> put_down{note, "put_down"};
constexpr orchestration<std::string, none> shows{"shows"}, tells{"tells"};
constexpr orchestration<number, number> neighbour{"neighbour"};

struct noted {
  state<std::string> held;
  result<> put_down(std::string text) {
    held.edit() = "written: " + text;
    return done;
  }
};

task<none> run_shows(std::string text) {
  co_await sleep(1s);
  co_await set_status("shown: " + text);
  co_await sleep(1h);
  co_return;
}
task<none> run_tells(std::string text) {
  co_await sleep(1s);
  co_await tell(put_down("n", text));
  co_return;
}
task<number> run_neighbour(number n) {
  for (number i = 0; i < n; ++i) {
    co_await parts::add("shared", number{1});
    co_await sleep(1s);
  }
  co_return n;
}

application bound() {
  auto app = parts::bound();
  app.bind(put_down, &noted::put_down).bind(shows, run_shows).bind(tells, run_tells);
  app.bind(neighbour, run_neighbour);
  return app;
}

// A log that dies of these bytes.
std::unique_ptr<persistence::store> deadly(std::unique_ptr<persistence::store> inner,
                                           const std::string& bytes) {
  return std::make_unique<hooked_store>(
      std::move(inner),
      hooked_store::hooks{.before_commit = [bytes](std::span<const persistence::batch> group) {
        for (const auto& one : group) {
          if (one.bytes().find(bytes) == std::string_view::npos) continue;
          mark_crash();
          throw process_died();
        }
      }});
}

struct machine {
  machine(std::uint64_t seed, const std::string& bytes)
      : w(seed, disk::memory, bound, world::begins::down) {
    w.wrap([bytes](auto inner) { return deadly(std::move(inner), bytes); });
    w.open();
  }
  unsigned run(const std::function<bool()>& until) {
    for (unsigned deaths = 0;; ++deaths) try {
        w.run_until(until, 30min);
        return deaths;
      } catch (const process_died&) {
        if (deaths > 20) return deaths;
        w.crash();
        w.open();
      }
  }
  std::vector<dead_letter> letters() {
    std::vector<dead_letter> all;
    w.at().operate().dead_letters(
        "", [&](const result<dead_letter_page>& page) { all = page->letters; });
    w.run();
    return all;
  }
  std::size_t records() {
    persistence::load_request all;
    std::tie(all.first, all.last) = persistence::keys::dead_letters_range();
    return w.engine().store->read(all).entries.size();
  }
  world w;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(deaths_of_the_log)

BOOST_AUTO_TEST_CASE(an_instance_whose_turn_kills_the_log_is_set_aside) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    machine m(seed, "shown: x");
    for (int i = 0; i < 4; ++i) m.w.start(neighbour.as("n" + std::to_string(i), number{5}));
    m.w.start(shows.as("deadly", std::string("x")));
    const auto deaths = m.run([] { return false; });
    BOOST_TEST(deaths >= 3u);
    BOOST_TEST(deaths < 10u, "seed " << seed << ": " << deaths);
    const auto letters = m.letters();
    BOOST_TEST_REQUIRE(letters.size() == 1u, "seed " << seed);
    BOOST_TEST((letters[0].who == address{address_kind::instance, "", "deadly"}));
    BOOST_TEST(((**m.w.status("deadly")).state == instance_state::stalled));
    BOOST_TEST(*m.w.get(parts::read("shared")) == 20);
    BOOST_TEST(m.records() == 1u);  // nobody else is counted
  }
}

BOOST_AUTO_TEST_CASE(a_message_whose_turn_kills_the_log_is_set_aside) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    machine m(seed, "written: x");
    for (int i = 0; i < 4; ++i) m.w.start(neighbour.as("n" + std::to_string(i), number{5}));
    m.w.start(tells.as("t", std::string("x")));
    m.run([] { return false; });
    const auto letters = m.letters();
    BOOST_TEST_REQUIRE(letters.size() == 1u, "seed " << seed);
    BOOST_TEST((letters[0].who == address{address_kind::actor, "note", "n"}));
    BOOST_TEST(letters[0].name == "put_down");
    BOOST_TEST(!!*m.w.perform(put_down("n", std::string("y")).what()));
    BOOST_TEST(*m.w.get(parts::read("shared")) == 20);
    BOOST_TEST(m.records() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(the_writer_of_a_batch_is_read_from_its_writes) {
  namespace keys = persistence::keys;
  const persistence::owner tally{1, "tally", "t"}, other{1, "other", "o"};
  persistence::batch taken, seen, sent;
  taken.put(keys::message(other, 2, 9, 9, 0), "an emission");
  taken.erase(keys::message(tally, 2, 7, 8, 1));
  seen.put(keys::event("i-1", 1, 2, 3), "");
  sent.put(keys::message(other, 2, 9, 9, 0), "an emission");
  const auto of_message = runtime::writer_of(taken);
  BOOST_TEST_REQUIRE(of_message.has_value());
  BOOST_TEST((of_message->who == address{address_kind::actor, "tally", "t"}));
  BOOST_TEST((of_message->what.id == runtime::message_id{7, 8, 1}));
  const auto of_history = runtime::writer_of(seen);
  BOOST_TEST_REQUIRE(of_history.has_value());
  BOOST_TEST((of_history->who == address{address_kind::instance, "", "i-1"}));
  BOOST_TEST(!runtime::writer_of(sent).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
