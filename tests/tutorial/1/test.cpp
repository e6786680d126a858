#include <iostream>
#include <string>
#include <utility>

#include <reprise/testing.hpp>

#include "parcels.hpp"

namespace {

using reprise::testing::world;

bool all_right = true;

void expect(const std::string& what, bool truth) {
  std::cout << (truth ? "ok: " : "WRONG: ") << what << '\n';
  all_right = all_right && truth;
}

void a_locker_has_three_boxes() {
  reprise::application app;
  parcels::bind(app);
  world w(std::move(app));
  for (std::uint32_t used = 1; used <= 3; ++used)
    expect("box " + std::to_string(used), **w.ask(parcels::put("north")) == used);
  const auto fourth = w.ask(parcels::put("north"));
  expect("a fourth parcel: " + fourth.error().text, fourth.error().why == reprise::cause::rejected);
  expect("another locker is empty", **w.ask(parcels::used("south")) == 0);
}

}  // namespace

int main() {
  a_locker_has_three_boxes();
  return all_right ? 0 : 1;
}
