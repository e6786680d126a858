#include "examples/counter/counter.hpp"

#include "examples/checked.hpp"

namespace examples::counter {
namespace {

struct tally {
  reprise::state<Count> count;

  reprise::result<> add(Add::Reader in, Count::Builder out) {
    const auto next = sum(count->getValue(), in.getAmount());
    if (!next) return reprise::reject("the sum does not fit in 64 bits");
    count.edit().setValue(*next);
    out.setValue(*next);
    return reprise::done;
  }

  // Const, so it is a read: it writes nothing and waits for no commit.
  reprise::result<> get(Nothing::Reader, Count::Builder out) const {
    out.setValue(count->getValue());
    return reprise::done;
  }

  reprise::result<> reset(Nothing::Reader, Count::Builder out) {
    count.edit().setValue(0);
    out.setValue(0);
    return reprise::done;
  }
};

}  // namespace

void bind(reprise::application& app) {
  app.bind(add, &tally::add).bind(get, &tally::get).bind(reset, &tally::reset);
}

}  // namespace examples::counter
