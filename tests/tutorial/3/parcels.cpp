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
    return boxes->getUsed();
  }

  reprise::result<std::uint32_t> take() {
    if (boxes->getUsed() == 0) return reprise::reject("the locker is empty");
    boxes.edit().setUsed(boxes->getUsed() - 1);
    return boxes->getUsed();
  }

  reprise::result<std::uint32_t> used() const { return boxes->getUsed(); }
};

reprise::task<std::string> run_deliver(reprise::value<Parcel> parcel) {
  const auto box = co_await reprise::attempt(put(parcel->getLocker()));
  if (!box) co_return "sent back: " + box.error().text;
  co_await notify(parcel).with(patiently);
  co_return "delivered";
}

}  // namespace

void bind(reprise::application& app) {
  app.bind(put, &three_boxes::put).bind(take, &three_boxes::take).bind(used, &three_boxes::used);
  app.bind(deliver, run_deliver);
}

}  // namespace parcels
