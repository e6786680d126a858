#include "runtime/service/timer_service.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "actors/actor/text.hpp"
#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/message/records.hpp"

namespace reprise::runtime {
namespace {

constexpr duration window = std::chrono::minutes(5);
constexpr duration second_try = std::chrono::seconds(1);

// A step timer's id, taken from its key.
message_id id_of(const persistence::keys::timer_key& k) { return {k.a, k.b, k.c}; }

}  // namespace

void timer_service::set(message_ptr m) {
  std::lock_guard lock(mutex_);
  if (m->timer_due < window_end_) keep(std::move(m));
}

void timer_service::set_unrecorded(message_ptr m) {
  std::lock_guard lock(mutex_);
  keep(std::move(m));
}

void timer_service::keep(message_ptr m) {
  if (m->horizon.at != 0 && m->horizon.epoch < epoch_) return;
  place where{m->timer_due, m->id, m->to};
  near_.insert_or_assign(std::move(where), std::move(m));
  arm();
}

void timer_service::set_back_off(const std::string& instance, const generation& g,
                                 std::uint64_t step, time_point due, const horizon& depends) {
  auto m = std::make_unique<message>();
  m->to = {address_kind::instance, "", instance};
  m->id = {g.term, g.position, step};
  m->lane = lane::answers;
  m->from_timer = true;
  m->timer_due = due;
  m->horizon = depends;
  m->body = fired_body{g, step};
  set_unrecorded(std::move(m));
}

void timer_service::run_at(time_point due, job work) {
  std::lock_guard lock(mutex_);
  work_.emplace(due, std::move(work));
  arm();
}

void timer_service::cancel(const address& to, time_point due, const message_id& id) {
  std::lock_guard lock(mutex_);
  place where{due, id, to};
  near_.erase(where);
  if (extending_) fired_meanwhile_.insert(std::move(where));
}

void timer_service::lend_alarm(time_point due, job ring) {
  std::lock_guard lock(mutex_);
  lent_ = true;
  services_.exec.arm(due, std::move(ring));
}

void timer_service::restart(std::uint64_t epoch) {
  {
    std::lock_guard lock(mutex_);
    if (epoch < epoch_) return;  // overtaken by a later restart
    epoch_ = epoch;
    lent_ = false;
    ++round_;
    near_.clear();
    window_end_ = time_point::min();
    armed_ = time_point::max();
    extending_ = false;
    fired_meanwhile_.clear();
    unread_.reset();
    ahead_ = 0;
  }
  extend();
}

bool timer_service::may_extend() const { return !extending_ && window_end_ != time_point::min(); }

std::size_t timer_service::resident() const {
  std::lock_guard lock(mutex_);
  return near_.size();
}

void timer_service::arm() {
  if (lent_ || !services_.admission.is_ready()) return;
  auto nearest = near_.empty() ? time_point::max() : std::get<0>(near_.begin()->first);
  if (!work_.empty()) nearest = std::min(nearest, work_.begin()->first);
  if (unread_) nearest = std::min(nearest, read_to_);
  // Moves the window half its length early, so that timers are in memory before they are due. If none
  // are stored, this costs one empty read.
  const auto look = may_extend() ? window_end_ - window / 2 : time_point::max();
  const auto due = std::min(nearest, look);
  if (due >= armed_ || due == time_point::max()) return;
  armed_ = due;
  services_.exec.arm(services_.clock.real_time_of(due), [this] { ring(); });
}

void timer_service::ring() {
  const auto now = services_.now();
  std::vector<message_ptr> due;
  std::vector<job> work;
  bool look = false;
  std::optional<persistence::load_request> unread;
  std::uint64_t round = 0;
  {
    std::lock_guard lock(mutex_);
    round = round_;
    armed_ = time_point::max();
    // While due timers are still unread, none fires that is later than the last one read.
    const auto until = unread_ ? std::min(now, read_to_) : now;
    while (!near_.empty() && std::get<0>(near_.begin()->first) <= until &&
           due.size() < limits::timer_slice) {
      if (extending_) fired_meanwhile_.insert(near_.begin()->first);
      due.push_back(std::move(near_.begin()->second));
      near_.erase(near_.begin());
    }
    while (!work_.empty() && work_.begin()->first <= now) {
      work.push_back(std::move(work_.begin()->second));
      work_.erase(work_.begin());
    }
    if (read_to_ <= now) unread = next_to_read();
    look = may_extend() && now >= window_end_ - window / 2;
    if (!look) arm();
  }
  for (auto& m : due) services_.router.deliver(std::move(m));
  for (auto& w : work) w();
  if (unread) read(*std::move(unread), round);
  if (!look) return;
  extend();
  now_and_then_();
}

void timer_service::extend() {
  std::string first;
  time_point end;
  std::uint64_t round = 0;
  {
    std::lock_guard lock(mutex_);
    if (extending_) return;
    extending_ = true;
    first =
        window_end_ == time_point::min()
            ? persistence::keys::timers_range().first
            : persistence::keys::timers_until(window_end_.time_since_epoch().count() - 1).second;
    round = round_;
    end = internal::later(std::max(services_.now(), window_end_), window);
    window_end_ = end;  // timers set from now on go to memory
    arm();
  }
  const auto set_until = services_.log.taken();
  services_.log.when_durable(
      set_until, [this, first = std::move(first), end, round](commit_outcome o) {
        if (o != commit_outcome::durable || round != round_) return;
        persistence::load_request due;
        due.first = first;
        due.last = persistence::keys::timers_until(end.time_since_epoch().count() - 1).second;
        due.max_entries = limits::timer_slice;
        read(std::move(due), round);
      });
}

void timer_service::read(persistence::load_request from, std::uint64_t round) {
  page_reader::begin(
      page_reader::of(services_.reader), std::move(from),
      [this, round](const persistence::load_request& asked, persistence::load_answer& page) {
        return round == round_ ? take(asked, page, round) : page_reader::then::stop;
      });
}

page_reader::then timer_service::take(const persistence::load_request& asked,
                                      persistence::load_answer& page, std::uint64_t round) {
  if (page.error) {
    services_.observer.say(log_level::error, "timers cannot be read: " + page.error->text);
    run_at(services_.now() + second_try, [this, asked, round] {
      if (round == round_) read(asked, round);
    });
    return page_reader::then::stop;
  }
  std::lock_guard lock(mutex_);
  if (round != round_) return page_reader::then::stop;
  for (const auto& [key, value] : page.entries) take_one(key, value, page.at);
  ahead_ += page.entries.size();
  auto rest = asked;
  const bool more = next_page(rest, page);
  if (!more) {
    extending_ = false;
    fired_meanwhile_.clear();
    ahead_ = 0;
  } else if (ahead_ >= limits::timers_ahead) {
    unread_ = std::move(rest);
  }
  arm();
  return more && !unread_ ? page_reader::then::go_on : page_reader::then::stop;
}

void timer_service::take_one(const std::string& key, const std::string& value, position at) {
  const auto where = persistence::keys::read_timer(key);
  auto m = where ? records::decode_timer(value) : nullptr;
  if (!m)
    return services_.observer.say(log_level::error, "a timer record is damaged; run store check");
  m->to = records::address_of(where->to);
  m->id = id_of(*where);
  m->from_timer = true;
  m->timer_due = time_point(duration(where->due_ns));
  m->horizon = {epoch_, at};
  read_to_ = m->timer_due;
  place here{m->timer_due, m->id, m->to};
  if (!fired_meanwhile_.contains(here)) near_.try_emplace(std::move(here), std::move(m));
}

// Called when all timers read ahead have fired. Timers that fired before read_to_ are forgotten: no
// later page contains them.
std::optional<persistence::load_request> timer_service::next_to_read() {
  if (!unread_ || (!near_.empty() && std::get<0>(near_.begin()->first) <= read_to_))
    return std::nullopt;
  fired_meanwhile_.erase(fired_meanwhile_.begin(),
                         fired_meanwhile_.lower_bound(place{read_to_, {}, {}}));
  ahead_ = 0;
  return std::exchange(unread_, std::nullopt);
}

}  // namespace reprise::runtime
