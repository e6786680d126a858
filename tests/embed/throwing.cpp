// A service whose callback throws on a thread of its node, in the way that its argument says. It says what
// it does before; when the process goes on after all, it closes the node and ends with 0.

#include <sys/resource.h>

#include <cstdio>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "actors/reprise.hpp"
#include "runtime/node.hpp"

namespace {

using namespace reprise;

constexpr actor<std::int64_t> counter{"counter"};
constexpr operation<std::int64_t, std::int64_t, std::int64_t> add{counter, "add"};
constexpr event<std::string> word{"word"};
constexpr orchestration<none, std::string> listener{"listener"};

struct sum {
  state<std::int64_t> held;
  result<std::int64_t> add(std::int64_t n) { return held.edit() += n; }
};

task<std::string> run_listener() {
  auto said = co_await word();
  co_return *said;
}

std::promise<void> thrown;
const auto caller = std::this_thread::get_id();

// What a callback does here: on the caller's thread the exception would be the caller's.
void fail_on_a_thread_of_the_node() {
  if (std::this_thread::get_id() == caller) {
    std::puts("on the caller's thread");
    std::exit(3);
  }
  std::puts("throws");
  std::fflush(stdout);
  thrown.set_value();
  throw std::runtime_error("by a callback");
}

using way = std::function<void(node&)>;
const std::map<std::string, way> ways = {
    {"ask",
     [](node& n) {
       n.ask(add("a", std::int64_t{1}), [](const auto&) { fail_on_a_thread_of_the_node(); });
     }},
    {"start",
     [](node& n) {
       n.start(listener.as("l").what(), {}, [](const auto&) { fail_on_a_thread_of_the_node(); });
     }},
    {"raise",
     [](node& n) {
       static_cast<void>(n.start(listener.as("l")).get());
       n.instances().raise(word.to("l", "end"), {},
                           [](const auto&) { fail_on_a_thread_of_the_node(); });
     }},
    {"suspend",
     [](node& n) {
       static_cast<void>(n.start(listener.as("l")).get());
       n.instances().suspend("l", "lunch", {}, [](const auto&) { fail_on_a_thread_of_the_node(); });
     }},
    {"wait",
     [](node& n) {
       static_cast<void>(n.start(listener.as("l")).get());
       n.instances().wait("l", [](const auto&) { fail_on_a_thread_of_the_node(); }).keep();
       n.instances().raise(word.to("l", "end"), {}, [](const auto&) {});
     }},
    {"watch",
     [](node& n) {
       n.instances().watch([](const auto&) { fail_on_a_thread_of_the_node(); }).keep();
       n.start(listener.as("l").what(), {}, [](const auto&) {});
     }},
};

}  // namespace

int main(int argc, char** argv) {
  const rlimit none_left{0, 0};
  ::setrlimit(RLIMIT_CORE, &none_left);  // its death is meant
  const auto found = ways.find(argc == 2 ? argv[1] : "");
  if (found == ways.end()) return 2;
  application app;
  app.bind(add, &sum::add).bind(word).bind(listener, run_listener);
  auto opened = node::open({}, std::move(app));
  if (!opened) return 4;
  found->second(**opened);
  thrown.get_future().wait();
  (*opened)->close();  // waits for the threads of the node
  return 0;
}
