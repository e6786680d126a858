#include "parcels.hpp"

namespace parcels {
namespace {

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
  co_await put(parcel->getLocker());
  co_await notify(parcel);
  co_return "delivered";
}

}  // namespace

void bind(reprise::application& app) {
  app.bind(put, &three_boxes::put).bind(take, &three_boxes::take).bind(used, &three_boxes::used);
  app.bind(deliver, run_deliver);
}

}  // namespace parcels
