// What `replay` says of the instances in a folder.

#include "runtime/replay.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include <boost/test/unit_test.hpp>

#include "persistence/keys.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace std::chrono_literals;
using testing::disk;
using testing::world;
namespace parts = testing::parts;

namespace {

task<std::string> errand_in_another_order(std::int64_t n) {
  auto doubled = co_await parts::twice(n);
  auto after = co_await parts::add("errand", *doubled);
  co_return std::to_string(*after);
}

application changed() {
  application app;
  app.bind(parts::twice, [](std::int64_t n) -> result<std::int64_t> { return 2 * n; });
  app.bind(parts::errand, errand_in_another_order);
  return app;
}

constexpr activity<std::string, std::int64_t> twice_of_text{"twice"};
constexpr event<std::string> nudge_of_text{"nudge"};

application with_other_types() {
  application app;
  app.bind(twice_of_text, [](std::string) -> result<std::int64_t> { return 2; });
  app.bind(nudge_of_text);
  return app;
}

// One of each: "waits" for an event, "done" has ended, "stopped" was terminated.
struct past {
  past() {
    BOOST_REQUIRE(*w.start(parts::collect.as("waits")));
    BOOST_REQUIRE(*w.raise(parts::nudge.to("waits", std::int64_t{3})));
    BOOST_REQUIRE(*w.start(parts::errand.as("done", std::int64_t{5})));
    BOOST_REQUIRE(w.run_until([&] { return w.ended("done"); }));
    BOOST_REQUIRE(*w.start(parts::nap.as("stopped", std::int64_t{60})));
    BOOST_REQUIRE(*w.terminate("stopped", "enough"));
    w.run();
    w.close();
  }
  std::string folder() const { return (w.folder() / "data").string(); }
  std::unique_ptr<history_book> book() const {
    auto opened = history_book::open(folder());
    BOOST_REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().text));
    return std::move(*opened);
  }

  world w{1, disk::lmdb, parts::bound};
};

std::map<std::string, replay_finding> findings_of(history_book& book, const bindings& app) {
  std::map<std::string, replay_finding> found;
  BOOST_REQUIRE(book.replay_all(
      app, [&](const replay_finding& f) { BOOST_TEST(found.emplace(f.id, f).second); }));
  return found;
}

// Changes a text wherever it stands in the tables.
void damage(const std::string& folder, const std::string& text) {
  const auto path = folder + "/tables/data.mdb";
  std::string bytes;
  {
    std::ifstream in(path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  std::size_t changed_places = 0;
  for (auto at = bytes.find(text); at != bytes.npos; at = bytes.find(text, at + 1)) {
    bytes[at] ^= 1;
    ++changed_places;
  }
  BOOST_TEST_REQUIRE(changed_places > 0u);
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(replay)

BOOST_AUTO_TEST_CASE(the_code_that_wrote_a_history_fits_it) {
  const past p;
  const auto found = findings_of(*p.book(), parts::bound());
  BOOST_TEST_REQUIRE(found.size() == 3u);
  for (const auto& [id, f] : found)
    BOOST_TEST(!f.misfit, id << ": " << (f.misfit ? f.misfit->text : ""));
  const auto& waits = found.at("waits");
  BOOST_TEST(waits.orchestration == "collect");
  BOOST_TEST(waits.events == 4u);  // started, a wait, raised, a wait
  BOOST_TEST_REQUIRE(waits.waits_for.size() == 1u);
  BOOST_TEST(waits.waits_for.front().find("nudge") != std::string::npos, waits.waits_for.front());
  BOOST_TEST((found.at("done").state == instance_state::completed));
  BOOST_TEST(found.at("done").waits_for.empty());
  BOOST_TEST((found.at("stopped").state == instance_state::terminated));
}

BOOST_AUTO_TEST_CASE(changed_code_is_found_with_both_sides_at_the_first_event) {
  const past p;
  const auto found = p.book()->replay("done", changed());
  BOOST_TEST_REQUIRE(!!found);
  BOOST_TEST_REQUIRE(!!found->misfit);
  BOOST_TEST((found->misfit->why == cause::diverged));
  BOOST_TEST(found->misfit->text ==
             "event 1: the history says operation tally/errand add, the code does activity twice");
}

BOOST_AUTO_TEST_CASE(code_that_is_not_bound_is_named) {
  const past p;
  const auto found = findings_of(*p.book(), changed());
  BOOST_TEST_REQUIRE(!!found.at("waits").misfit);
  BOOST_TEST((found.at("waits").misfit->why == cause::unbound));
  BOOST_TEST(found.at("waits").misfit->text.find("\"collect\"") != std::string::npos);
}

// A program that keeps the orchestrations and gives an activity another type: each history fits it, and
// no node with it opens the folder.
BOOST_AUTO_TEST_CASE(every_misfit_that_an_open_refuses_is_found_with_the_unbound_names) {
  past p;
  BOOST_TEST(p.book()->check(parts::bound())->misfits.empty());
  BOOST_TEST(p.book()->check(parts::bound())->unbound.empty());
  const auto found = p.book()->check(with_other_types());
  BOOST_TEST_REQUIRE(!!found);
  BOOST_TEST_REQUIRE(found->misfits.size() == 2u);
  BOOST_TEST(found->misfits[0].find("activity twice in") == 0u, found->misfits[0]);
  BOOST_TEST(found->misfits[1].find("event nudge") == 0u, found->misfits[1]);
  const auto& unbound = found->unbound;
  BOOST_TEST((std::find(unbound.begin(), unbound.end(), "orchestration nap in") != unbound.end()));
  BOOST_TEST((std::find(unbound.begin(), unbound.end(), "actor tally state") != unbound.end()));
  p.w.bind(with_other_types);
  BOOST_CHECK_EXCEPTION(p.w.open(), std::runtime_error, [&](const std::runtime_error& e) {
    return std::string(e.what()).find(found->misfits[0]) != std::string::npos &&
           std::string(e.what()).find(found->misfits[1]) != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(a_lock_record_that_no_open_survives_is_found) {
  past p;
  p.w.open();
  persistence::batch damage;
  damage.put(persistence::keys::lock({1, "tally", "errand"}), "no record");
  auto& store = *p.w.engine().store;
  BOOST_REQUIRE(store.commit(store.durable() + 1, {&damage, 1}));
  p.w.close();
  const auto found = p.book()->check(parts::bound());
  BOOST_TEST_REQUIRE(!!found);
  BOOST_TEST_REQUIRE(found->misfits.size() == 1u);
  BOOST_TEST(found->misfits[0] == "a lock record is damaged; run store check");
  BOOST_CHECK_THROW(p.w.open(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(an_id_that_is_not_there_and_a_folder_that_is_not_there_are_failures) {
  const past p;
  BOOST_TEST((p.book()->replay("nobody", parts::bound()).error().why == cause::not_found));
  const auto nowhere = history_book::open(p.folder() + "/nowhere");
  BOOST_TEST_REQUIRE(!nowhere);
  BOOST_TEST((nowhere.error().why == cause::unavailable));
  BOOST_TEST(nowhere.error().text.find("/nowhere") != std::string::npos, nowhere.error().text);
}

BOOST_AUTO_TEST_CASE(a_folder_in_use_is_refused) {
  const past p;
  const auto first = p.book();
  const auto second = history_book::open(p.folder());
  BOOST_TEST_REQUIRE(!second);
  BOOST_TEST((second.error().why == cause::unavailable));
}

BOOST_AUTO_TEST_CASE(a_replay_writes_nothing_and_the_node_goes_on) {
  past p;
  for (int i = 0; i < 2; ++i) BOOST_TEST(findings_of(*p.book(), changed()).size() == 3u);
  p.w.open();
  BOOST_REQUIRE(*p.w.raise(parts::nudge.to("waits", std::int64_t{0})));
  BOOST_TEST(p.w.run_until([&] { return p.w.ended("waits"); }));
  const auto end = p.w.status("waits");
  BOOST_TEST_REQUIRE(!!*end);
  const auto sum = codec<std::int64_t>::decode(**(*end)->outcome);
  BOOST_TEST(**sum == 3);
}

BOOST_AUTO_TEST_CASE(a_damaged_record_is_a_finding_and_the_rest_goes_on) {
  struct row {
    const char* text;  // it stands in this instance alone
    const char* id;
    const char* what;
  };
  for (const auto& one : {row{"enough", "stopped", "the header is damaged"},
                          row{"nudge", "waits", "the history is damaged"}}) {
    const past p;
    damage(p.folder(), one.text);
    const auto found = findings_of(*p.book(), parts::bound());
    BOOST_TEST_REQUIRE(found.size() == 3u);
    for (const auto& [id, f] : found) BOOST_TEST(!!f.misfit == (id == one.id), id);
    const auto alone = p.book()->replay(one.id, parts::bound());
    BOOST_TEST_REQUIRE(!!alone);
    BOOST_TEST_REQUIRE(!!alone->misfit);
    BOOST_TEST((alone->misfit->why == cause::corrupt));
    BOOST_TEST(alone->misfit->text.find(one.what) == 0u, alone->misfit->text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
