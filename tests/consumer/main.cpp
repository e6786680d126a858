// What an installed Reprise must do for a program that embeds it: two nodes with folders of their own
// and real threads, and a world in which a month takes no time. Ends with 1 at the first surprise.
//
//   embedding FOLDER       FOLDER is there and empty

#include <cstdlib>
#include <future>
#include <iostream>
#include <memory>
#include <string>

#include <reprise/crash.hpp>
#include <reprise/node.hpp>
#include <reprise/testing.hpp>

#include "leave.hpp"

namespace {

using namespace std::chrono_literals;
using reprise::testing::world;

void expect(bool truth, int line = __builtin_LINE()) {
  if (truth) return;
  std::cerr << __FILE__ << ':' << line << ": not as expected\n";
  std::exit(1);
}

auto days(std::uint32_t n) {
  return reprise::make<leave::Wish>([n](auto wish) { wish.setDays(n); });
}

std::unique_ptr<reprise::node> opened(const std::string& folder) {
  auto node = reprise::node::open({.data = folder}, leave::application());
  if (!node) std::cerr << node.error().text << '\n';
  expect(!!node);
  return std::move(*node);
}

// How many days an account has after an operation on it.
std::uint32_t left(reprise::node& node, const reprise::operation_call<leave::Balance>& what) {
  const auto answer = node.ask(what).get();
  expect(!!answer);
  return (*answer)->getLeft();
}

void two_nodes(const std::string& folder) {
  {
    const auto north = opened(folder + "/north");
    const auto south = opened(folder + "/south");
    expect(left(*north, leave::grant("ann", days(5))) == 5);
    expect(left(*south, leave::grant("ann", days(7))) == 7);
    expect(!!north->start(leave::request.as("summer", days(3))).get());
    expect(south->ask(leave::take("ann", days(8))).get().error().why == reprise::cause::rejected);
  }
  const auto north = opened(folder + "/north");
  std::promise<bool> raised;
  north->instances().raise(leave::verdict.to("summer", [](auto v) { v.setGranted(true); }), {},
                           [&](reprise::result<> r) { raised.set_value(!!r); });
  expect(raised.get_future().get());
  expect(**north->instances().wait(leave::request, "summer").get() == "granted");
  expect(left(*north, leave::grant("ann", days(0))) == 2);
}

void a_month_in_no_time() {
  world w(leave::application());
  const auto begin = w.now();
  expect(!!w.start(leave::request.as("winter", days(3))));
  w.advance(29 * 24h);
  w.restart();
  w.run();
  expect(w.status("winter")->state == reprise::instance_state::running);
  expect(**w.wait(leave::request, "winter") == "nobody answered");
  expect(w.now() - begin == 30 * 24h);
}

}  // namespace

int main(int argc, char** argv) {
  expect(argc == 2);
  expect(!reprise::in_user_code());  // what a handler of a fatal signal asks
  two_nodes(argv[1]);
  a_month_in_no_time();
  std::cout << "as expected\n";
}
