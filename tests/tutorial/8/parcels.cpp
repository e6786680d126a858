#include "parcels.hpp"

#include <chrono>

namespace parcels {
namespace {

using namespace std::chrono_literals;

constexpr reprise::retry patiently{.attempts = 1000, .first = 1s, .max = 5s};

struct three_boxes {
  reprise::state<Locker> boxes;

  reprise::result<std::uint32_t> put() {
    if (boxes->getUsed() == 3) return reprise::reject("the locker is full");
    boxes.edit().setUsed(boxes->getUsed() + 1);
    boxes.edit().setParcels(boxes->getParcels() + 1);
    return boxes->getUsed();
  }

  reprise::result<std::uint32_t> take() {
    if (boxes->getUsed() == 0) return reprise::reject("the locker is empty");
    boxes.edit().setUsed(boxes->getUsed() - 1);
    return boxes->getUsed();
  }

  reprise::result<std::uint32_t> used() const { return boxes->getUsed(); }
};

reprise::task<std::string> run_deliver_1(reprise::value<Parcel> parcel) {
  const auto box = co_await reprise::attempt(put(parcel->getLocker()));
  if (!box) co_return "sent back: " + box.error().text;
  co_await notify(parcel).with(patiently);
  const auto came = co_await reprise::race(collected(), reprise::sleep(7 * 24h));
  co_await take(parcel->getLocker());
  co_return came ? "collected" : "sent back: nobody came";
}

// With a status to look at, and a reminder after five days.
reprise::task<std::string> run_deliver(reprise::value<Parcel> parcel) {
  const auto box = co_await reprise::attempt(put(parcel->getLocker()));
  if (!box) co_return "sent back: " + box.error().text;
  co_await reprise::set_status("in its box");
  co_await notify(parcel).with(patiently);
  auto came = co_await reprise::race(collected(), reprise::sleep(5 * 24h));
  if (!came) {
    co_await notify(parcel).with(patiently);
    came = co_await reprise::race(collected(), reprise::sleep(2 * 24h));
  }
  co_await take(parcel->getLocker());
  co_return came ? "collected" : "sent back: nobody came";
}

}  // namespace

void bind(reprise::application& app) {
  app.bind(put, &three_boxes::put).bind(take, &three_boxes::take).bind(used, &three_boxes::used);
  app.bind(collected).bind(deliver_1, run_deliver_1).bind(deliver, run_deliver);
}

}  // namespace parcels
