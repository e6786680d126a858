#include "runtime/service/sweeper.hpp"

#include <algorithm>
#include <tuple>

#include "persistence/limits.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/reading/page_reader.hpp"

namespace reprise::runtime {

// Handles one page after another, each in a job of its own: answers may come at once, and the stack
// would grow with the pages.
class sweeper::round : public std::enable_shared_from_this<round> {
 public:
  round(turn_services& s, std::shared_ptr<const index> i, std::shared_ptr<progress> p)
      : services_(s), index_(std::move(i)), progress_(std::move(p)) {}
  ~round() { progress_->under_way = false; }

  void begin() {
    std::tie(page_.first, page_.last) = index_->old(services_.now());
    page_.max_entries = limits::sweep_slice;
    if (page_.first.empty()) return;
    post();
  }

 private:
  void post() {
    services_.exec.post(upkeep_pool, [self = shared_from_this()] { self->read(); });
  }

  void read() {
    if (!services_.admission.admits() || !services_.clock.may_forget()) return;
    services_.reader.load(
        persistence::load_request(page_),
        [self = shared_from_this()](persistence::load_answer a) { self->ask(a); });
  }

  void ask(const persistence::load_answer& a) {
    if (a.error)
      return services_.observer.say(log_level::warning,
                                    index_->name + ": not read: " + a.error->text);
    more_ = next_page(page_, a);
    auto requests = index_->requests(a.entries);
    if (!requests.empty()) overdue(std::min(kept_since_.load(), requests.front().since));
    waiting_ = requests.size() + 1;
    for (auto& each : requests) {
      each.to_owner->done = callback<result<payload>>(
          [self = shared_from_this(), records = each.records, since = each.since,
           owner = each.to_owner->to](result<payload> r) {
            self->answered(static_cast<bool>(r), records, since, owner);
          });
      services_.router.deliver(std::move(each.to_owner));
    }
    page_done();
  }

  void answered(bool gone, std::size_t records, time_point since, const address& owner) {
    if (gone) {
      progress_->gone += records;
      services_.router.release(owner);
    } else {
      auto kept = kept_since_.load();
      while (since < kept && !kept_since_.compare_exchange_weak(kept, since)) {
      }
    }
    page_done();
  }

  void page_done() {
    if (--waiting_ != 0) return;
    if (!more_) return overdue(kept_since_);
    if (services_.admission.is_ready()) post();
  }

  void overdue(time_point since) { progress_->overdue_since = since; }

  turn_services& services_;
  const std::shared_ptr<const index> index_;
  const std::shared_ptr<progress> progress_;
  persistence::load_request page_;  // the next page
  bool more_ = false;
  std::atomic<std::size_t> waiting_{0};  // outstanding answers, plus one for the sender
  std::atomic<time_point> kept_since_{time_point::max()};  // oldest that could not go in this round
};

sweeper::sweeper(turn_services& s, index i)
    : services_(s), index_(std::make_shared<const index>(std::move(i))) {}

void sweeper::begin() {
  if (progress_->under_way.exchange(true)) return;
  std::make_shared<round>(services_, index_, progress_)->begin();
}

sweep_figures sweeper::figures() const {
  const auto since = progress_->overdue_since.load();
  const auto now = services_.clock.newest();
  return {index_->name, progress_->gone, since < now ? now - since : duration::zero()};
}

}  // namespace reprise::runtime
