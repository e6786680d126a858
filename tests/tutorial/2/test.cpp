#include <iostream>
#include <set>
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

// In place of the text gateway: what it was asked to send.
struct fake_gateway {
  std::set<std::string> texts{};
};

reprise::application application(fake_gateway& gateway) {
  reprise::application app;
  parcels::bind(app);
  app.bind(parcels::notify,
           [&](parcels::Parcel::Reader, reprise::attempt_context& here) -> reprise::result<> {
             gateway.texts.insert(here.id());
             return reprise::done;
           });
  return app;
}

auto a_parcel() {
  return reprise::make<parcels::Parcel>([](auto parcel) {
    parcel.setLocker("north");
    parcel.setPhone("555-0100");
  });
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

void a_delivery_takes_a_box_and_sends_a_text() {
  fake_gateway gateway;
  world w(application(gateway));
  expect("delivered", **w.ask(parcels::deliver(a_parcel())) == "delivered");
  expect("one box is used", **w.ask(parcels::used("north")) == 1);
  expect("one text was sent", gateway.texts.size() == 1);
}

}  // namespace

int main() {
  a_locker_has_three_boxes();
  a_delivery_takes_a_box_and_sends_a_text();
  return all_right ? 0 : 1;
}
