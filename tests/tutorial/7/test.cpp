#include <chrono>
#include <iostream>
#include <set>
#include <string>
#include <utility>

#include <reprise/testing.hpp>

#include "parcels.hpp"

namespace {

using namespace std::chrono_literals;
using reprise::testing::world;

bool all_right = true;

void expect(const std::string& what, bool truth) {
  std::cout << (truth ? "ok: " : "WRONG: ") << what << '\n';
  all_right = all_right && truth;
}

// In place of the text gateway: what it was asked to send, and how many attempts fail first.
struct fake_gateway {
  std::set<std::string> texts{};
  std::uint32_t failures = 0;
};

reprise::application application(fake_gateway& gateway) {
  reprise::application app;
  parcels::bind(app);
  app.bind(parcels::notify,
           [&](parcels::Parcel::Reader, reprise::attempt_context& here) -> reprise::result<> {
             if (here.attempt() <= gateway.failures) return reprise::fail("no answer");
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

void a_delivery_ends_when_the_parcel_is_collected() {
  fake_gateway gateway{.failures = 2};
  world w(application(gateway));
  expect("started", !!w.start(parcels::deliver.as("p-1", a_parcel())));
  w.advance(24h);
  expect("a day later one box is used", **w.ask(parcels::used("north")) == 1);
  expect("raised", !!w.raise(parcels::collected.to("p-1")));
  expect("collected", **w.wait(parcels::deliver, "p-1") == "collected");
  expect("the box is free", **w.ask(parcels::used("north")) == 0);
  expect("one text was sent", gateway.texts.size() == 1);
}

void a_parcel_that_nobody_wants_goes_back() {
  fake_gateway gateway;
  world w(application(gateway));
  const auto began = w.now();
  const auto outcome = **w.ask(parcels::deliver(a_parcel()));
  expect(outcome, outcome == "sent back: nobody came");
  expect("after seven days", w.now() - began == 7 * 24h);
}

void a_rejection_is_an_answer() {
  fake_gateway gateway;
  world w(application(gateway));
  for (int parcel = 1; parcel <= 3; ++parcel) static_cast<void>(w.ask(parcels::put("north")));
  const auto outcome = **w.ask(parcels::deliver(a_parcel()));
  expect(outcome, outcome == "sent back: the locker is full");
  expect("no text was sent", gateway.texts.empty());
}

void a_crash_repeats_nothing() {
  fake_gateway gateway;
  world w(application(gateway));
  expect("started", !!w.start(parcels::deliver.as("p-1", a_parcel())));
  w.restart();
  w.advance(24h);
  w.restart();
  expect("raised", !!w.raise(parcels::collected.to("p-1")));
  w.restart();
  expect("collected", **w.wait(parcels::deliver, "p-1") == "collected");
  expect("the box is free", **w.ask(parcels::used("north")) == 0);
  expect("one text was sent", gateway.texts.size() == 1);
}

void a_year() {
  fake_gateway gateway;
  world w(application(gateway));
  unsigned collected = 0;
  for (int week = 1; week <= 52; ++week) {
    const auto id = "week-" + std::to_string(week);
    static_cast<void>(w.start(parcels::deliver.as(id, a_parcel())));
    w.advance(3 * 24h);
    if (week % 4 != 0) static_cast<void>(w.raise(parcels::collected.to(id)));
    w.advance(4 * 24h + 1s);
    if (**w.wait(parcels::deliver, id) == "collected") ++collected;
  }
  expect("39 of 52 parcels were collected", collected == 39);
  expect("all boxes are free", **w.ask(parcels::used("north")) == 0);
  expect("52 texts and 13 reminders were sent", gateway.texts.size() == 65);
}

}  // namespace

int main() {
  a_locker_has_three_boxes();
  a_delivery_ends_when_the_parcel_is_collected();
  a_parcel_that_nobody_wants_goes_back();
  a_rejection_is_an_answer();
  a_crash_repeats_nothing();
  a_year();
  return all_right ? 0 : 1;
}
