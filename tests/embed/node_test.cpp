// A service that embeds a node: threads, folders, several nodes, orderly and sudden ends.

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <latch>
#include <set>
#include <thread>

#include "examples/application.hpp"
#include "examples/counter/counter.hpp"
#include "examples/fan_out/fan_out.hpp"
#include "examples/hello_cities/hello_cities.hpp"
#include "examples/shop/shop.hpp"
#include "runtime/node.hpp"

using namespace reprise;
using namespace std::chrono_literals;

namespace {

// A new folder, gone at the end.
struct folder {
  folder() {
    auto name = (std::filesystem::temp_directory_path() / "reprise-embed-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~folder() { std::filesystem::remove_all(path); }
  std::string data() const { return path / "data"; }
  std::filesystem::path path;
};

std::unique_ptr<node> opened(const std::string& data) {
  auto n = node::open({.data = data}, examples::application());
  BOOST_REQUIRE_MESSAGE(n, (n ? "" : n.error().text));
  return std::move(*n);
}

std::uint64_t add(node& n, const std::string& key, std::uint32_t amount) {
  const auto answer =
      n.ask(examples::counter::add(key, [&](auto in) { in.setAmount(amount); })).get();
  BOOST_REQUIRE(answer);
  return static_cast<std::uint64_t>((*answer)->getValue());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(node_in_a_service)

BOOST_AUTO_TEST_CASE(an_answered_call_is_there_after_a_reopen) {
  folder f;
  {
    auto n = opened(f.data());
    BOOST_TEST(add(*n, "a", 2) == 2u);
    BOOST_TEST(add(*n, "a", 3) == 5u);
  }
  auto n = opened(f.data());
  BOOST_TEST(add(*n, "a", 1) == 6u);
}

BOOST_AUTO_TEST_CASE(two_nodes_live_in_one_process_and_share_nothing) {
  folder f, g;
  auto one = opened(f.data());
  auto two = opened(g.data());
  BOOST_TEST(add(*one, "a", 2) == 2u);
  BOOST_TEST(add(*two, "a", 7) == 7u);
  BOOST_TEST(add(*one, "a", 2) == 4u);
}

BOOST_AUTO_TEST_CASE(a_second_node_on_the_same_folder_is_refused_in_words) {
  folder f;
  auto one = opened(f.data());
  const auto two = node::open({.data = f.data()}, examples::application());
  BOOST_REQUIRE(!two);
  BOOST_TEST(two.error().text.find(f.data()) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_ours_is_refused_and_left_alone) {
  folder f;
  std::filesystem::create_directory(f.data());
  std::ofstream(f.path / "data" / "holiday.txt") << "photos";
  const auto n = node::open({.data = f.data()}, examples::application());
  BOOST_REQUIRE(!n);
  BOOST_TEST(std::filesystem::file_size(f.path / "data" / "holiday.txt") == 6u);
}

BOOST_AUTO_TEST_CASE(an_orchestration_is_asked_like_any_call) {
  auto n = opened("");
  const auto greetings = n->ask(examples::cities::hello_cities()).get();
  BOOST_REQUIRE(greetings);
  BOOST_TEST((*greetings)->size() == 5u);
}

BOOST_AUTO_TEST_CASE(an_instance_that_has_ended_can_still_be_waited_for) {
  auto n = opened("");
  const auto id = n->start(examples::cities::hello_cities.as("hello-1")).get();
  BOOST_REQUIRE(id);
  BOOST_TEST(*id == "hello-1");
  for (int i = 0; i < 2; ++i) {
    const auto greetings = n->instances().wait(examples::cities::hello_cities, "hello-1").get();
    BOOST_REQUIRE(greetings);
    BOOST_TEST((*greetings)->front() == "Hello Tokyo!");
  }
}

BOOST_AUTO_TEST_CASE(a_name_that_nobody_binds_is_an_answer_not_a_crash) {
  auto n = node::open({}, application());
  BOOST_REQUIRE(n);
  const auto counter =
      (*n)->ask(examples::counter::get("a", make<examples::counter::Nothing>([](auto) {}))).get();
  BOOST_REQUIRE(!counter);
  BOOST_TEST((counter.error().why == cause::unbound));
  const auto started = (*n)->start(examples::cities::hello_cities()).get();
  BOOST_REQUIRE(!started);
  BOOST_TEST((started.error().why == cause::unbound));
}

namespace unbound {

constexpr activity<std::int64_t, std::int64_t> later{"later"};
constexpr orchestration<std::int64_t, std::int64_t> waits{"waits"};

result<std::int64_t> run_later(std::int64_t n) { return n + 1; }
task<std::int64_t> run_waits(std::int64_t n) {
  auto got = co_await later(n);
  co_return *got;
}

application without() {
  application app;
  app.bind(waits, run_waits);
  return app;
}

}  // namespace unbound

BOOST_AUTO_TEST_CASE(an_instance_that_waits_for_an_unbound_activity_goes_on_when_it_is_bound) {
  folder f;
  for (int opens = 0; opens < 2; ++opens) {
    auto n = node::open({.data = f.data()}, unbound::without());
    BOOST_REQUIRE(n);
    if (opens == 0) BOOST_REQUIRE((*n)->start(unbound::waits.as("i", std::int64_t{1})).get());
    std::promise<result<instance_waits>> told;
    (*n)->instances().why("i", [&](result<instance_waits> r) { told.set_value(std::move(r)); });
    const auto why = told.get_future().get();
    BOOST_REQUIRE(why);
    BOOST_TEST(!is_terminal(why->state));
  }
  auto app = unbound::without();
  app.bind(unbound::later, unbound::run_later);
  auto n = node::open({.data = f.data()}, std::move(app));
  BOOST_REQUIRE(n);
  const auto end = (*n)->instances().wait(unbound::waits, "i").get();
  BOOST_REQUIRE(end);
  BOOST_TEST(**end == 2);
}

BOOST_AUTO_TEST_CASE(every_add_of_many_threads_counts_once) {
  folder f;
  constexpr int threads = 4, adds = 500, keys = 7;
  std::uint64_t total = 0;
  {
    auto n = opened(f.data());
    std::vector<std::jthread> callers;
    std::atomic<int> failures{0};
    for (int t = 0; t < threads; ++t)
      callers.emplace_back([&, t] {
        for (int i = 0; i < adds; ++i)
          if (!n->ask(examples::counter::add("k" + std::to_string((t + i) % keys), [](auto in) {
                  in.setAmount(1);
                })).get())
            ++failures;
      });
    callers.clear();
    BOOST_TEST(failures == 0);
  }
  auto n = opened(f.data());
  for (int k = 0; k < keys; ++k) total += add(*n, "k" + std::to_string(k), 0);
  BOOST_TEST(total == std::uint64_t{threads} * adds);
}

BOOST_AUTO_TEST_CASE(calls_in_flight_at_close_are_all_answered) {
  folder f;
  constexpr int calls = 2000;
  std::atomic<int> answered{0}, applied{0}, unknown{0};
  {
    auto n = opened(f.data());
    for (int i = 0; i < calls; ++i)
      n->ask(examples::counter::add("k" + std::to_string(i % 50), [](auto in) { in.setAmount(1); }),
             [&](result<value<examples::counter::Count>> r) {
               if (r)
                 ++applied;
               else if (r.error().why == cause::unknown_outcome)
                 ++unknown;
               ++answered;
             });
    n->close();
  }
  BOOST_TEST(answered == calls);
  auto n = opened(f.data());
  std::uint64_t total = 0;
  for (int k = 0; k < 50; ++k) total += add(*n, "k" + std::to_string(k), 0);
  // Whoever was told "applied" was, whoever was told "not applied" was not.
  BOOST_TEST(total >= static_cast<std::uint64_t>(applied.load()));
  BOOST_TEST(total <= static_cast<std::uint64_t>(applied.load() + unknown.load()));
}

BOOST_AUTO_TEST_CASE(a_small_memory_limit_passivates_and_loses_nothing) {
  folder f;
  auto n = node::open({.data = f.data(), .memory = 64u << 10}, examples::application());
  BOOST_REQUIRE(n);
  constexpr int keys = 2000;
  for (int round = 1; round <= 3; ++round) {
    std::latch all(keys);
    std::atomic<int> wrong{0};
    for (int k = 0; k < keys; ++k)
      (*n)->ask(examples::counter::add("k" + std::to_string(k), [](auto in) { in.setAmount(1); }),
                [&, round](result<value<examples::counter::Count>> r) {
                  if (!r || (*r)->getValue() != round) ++wrong;
                  all.count_down();
                });
    all.wait();
    BOOST_TEST(wrong == 0);
  }
}

BOOST_AUTO_TEST_CASE(an_orchestration_that_was_cut_off_goes_on_at_the_next_open) {
  folder f;
  {
    auto n = opened(f.data());
    BOOST_REQUIRE(n->ask(examples::shop::restock("tea", [](auto in) { in.setQuantity(5); })).get());
    BOOST_REQUIRE(
        n->start(examples::shop::checkout.as("order-1", make<examples::shop::Order>([](auto o) {
                                               auto lines = o.initLines(1);
                                               lines[0].setSku("tea");
                                               lines[0].setQuantity(2);
                                             })))
            .get());
  }
  auto n = opened(f.data());
  std::promise<result<>> raised;
  n->instances().raise(examples::shop::verdict.to("order-1", [](auto v) { v.setApproved(true); }),
                       {}, [&](result<> r) { raised.set_value(std::move(r)); });
  BOOST_REQUIRE(raised.get_future().get());
  const auto outcome = n->instances().wait(examples::shop::checkout, "order-1").get();
  BOOST_REQUIRE(outcome);
  BOOST_TEST(std::string((*outcome)->getText().cStr()) == "confirmed");
}

BOOST_AUTO_TEST_SUITE_END()
