#include "persistence/layered/layered_store.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>

#include "persistence/damage.hpp"
#include "persistence/kill_point.hpp"
#include "persistence/limits.hpp"
#include "persistence/memtable/view.hpp"

namespace reprise::persistence::internal {

namespace {

// How many loads go to the loader threads after one waited for the disk on its caller's thread.
constexpr unsigned loads_after_wait = 1'000;
// A read faster than this did not wait for a disk, so getrusage need not be called.
constexpr auto quick = std::chrono::microseconds(10);

// Page faults of the calling thread that waited for a disk, since its start.
long waits_for_disk() noexcept {
  rusage used{};
  ::getrusage(RUSAGE_THREAD, &used);
  return used.ru_majflt;
}

load_answer refused(fault why) {
  load_answer answer;
  answer.error = std::move(why);
  return answer;
}

}  // namespace

layered_store::layered_store(store_parts parts, layered_options how)
    : options_(std::move(how)),
      lock_(std::move(parts.lock)),
      tables_(std::move(parts.tables)),
      log_(std::move(parts.log)),
      overlay_(std::move(parts.above)),
      term_(parts.term),
      written_(parts.unfolded) {}

result<std::unique_ptr<layered_store>> layered_store::open(store_parts parts, layered_options how) {
  assert(how.loaders > 0);
  std::unique_ptr<layered_store> s(new layered_store(std::move(parts), std::move(how)));
  if (auto begun = s->begin_term(); !begun) return std::move(begun).error();
  s->review();
  s->start_threads();
  return s;
}

void layered_store::start_threads() {
  loaders_.emplace(options_.loaders);
  if (options_.fold.mode != fold_mode::background) return;
  const auto wish = wish_to_fold(!overlay_->growing().empty());  // what recovery found
  folder_thread_.emplace(
      [this] {
        const auto folded = fold();
        const bool again =
            full_ || lacks_segment_ || (!folded && folded.error().code == errc::full);
        return again && !failed_ ? fold_thread::outcome::no_room : fold_thread::outcome::done;
      },
      [this] { return count_keys(); });
  ask_others(wish);
}

layered_store::~layered_store() {
  folder_thread_.reset();
  if (!loaders_) return;
  loaders_->stop();  // queued loads are dropped with their callers: this is a crash
}

void layered_store::close() {
  if (closed_.exchange(true)) return;
  folder_thread_.reset();
  if (!failed_)
    static_cast<void>(fold());  // what does not fit now, the next open reads from the log
  if (loaders_)
    for (auto& work : loaders_->stop()) work();
  loaders_.reset();
  tables_.reset();
}

// Returns true if the store had not failed before.
bool layered_store::fail(const fault& f) {
  const std::scoped_lock lock(failing_);
  if (failed_) return false;
  failure_ = fault{errc::failed, "the store has stopped: " + f.text};
  return failed_ = true;
}

// The same for failures outside of a commit, which are reported through the `stopped` event.
fault layered_store::stop(fault f) {
  if (!fail(f)) return f;
  review();  // nobody waits for a store that has stopped
  const std::scoped_lock lock(review_mutex_);
  if (events_.stopped) events_.stopped(*failure());
  return f;
}

std::optional<fault> layered_store::failure() const {
  if (!failed_) return std::nullopt;
  const std::scoped_lock lock(failing_);
  return failure_;
}

result<void> layered_store::commit(position first, std::span<const batch> group) {
  if (auto f = failure()) return *std::move(f);
  assert(!needs_term_ && first == durable() + 1 && !group.empty());
  auto wish = fold_wish::none;
  {
    const std::scoped_lock lock(writing_);
    const bool was_empty = overlay_->growing().empty();
    if (auto appended = append(first, group); !appended) return appended;
    wish = wish_to_fold(was_empty);
  }
  ask_others(wish);
  reach(checkpoint::advanced);
  if (options_.fold.mode == fold_mode::every_group)
    if (auto folded = fold(); !folded && folded.error().code != errc::full) return folded;
  return {};
}

result<void> layered_store::write(position first, std::span<const batch> group) {
  const auto grown = log_->write(term_, first, group);
  if (!grown) return grown.error();
  written_.fetch_add(grown->bytes, std::memory_order_relaxed);
  wants_spare_ = grown->wants_spare;
  return {};
}

result<void> layered_store::append(position first, std::span<const batch> group) {
  pass(kill_point::before_append);
  auto done = write(first, group);
  if (done) {
    reach(checkpoint::written);
    pass(kill_point::before_flush);
    // While the disk works; no view shows it before `advance`.
    overlay_->apply(first, group);
    done = log_->flush();
  }
  if (!done) {
    needs_term_ = done.error().code == errc::not_written;
    return failed_write(std::move(done).error());
  }
  reach(checkpoint::flushed);
  pass(kill_point::before_overlay);
  reach(checkpoint::inserted);
  overlay_->advance(first + group.size() - 1);
  return {};
}

result<persistence::term> layered_store::begin_term() {
  if (auto f = failure()) return *std::move(f);
  ++term_;
  auto done = write(durable() + 1, {});
  if (done) done = log_->flush();
  if (!done) return failed_write(std::move(done).error());
  needs_term_ = false;
  return term_.load();
}

fault layered_store::failed_write(fault f) {
  if (f.code != errc::not_written) {
    fail(f);
  } else {
    lacks(lack::of_log, log_->why_not_written());
    if (folder_thread_) folder_thread_->ask();  // folding makes room
  }
  return f;
}

layered_store::fold_wish layered_store::wish_to_fold(bool first_of_layer) const {
  const auto& growing = overlay_->growing();
  if (growing.records() >= options_.fold.records || growing.bytes() >= options_.fold.bytes ||
      written_ - folded_bytes_ >= options_.log_limit / 2)
    return fold_wish::now;
  return first_of_layer ? fold_wish::by_age : fold_wish::none;
}

// Wakes the other threads if they have work. Cheap otherwise.
void layered_store::ask_others(fold_wish wish) {
  review();
  if (folder_thread_) {
    if (wish == fold_wish::now || waiting_)
      folder_thread_->ask();
    else if (wish == fold_wish::by_age)
      folder_thread_->ask_by(fold_thread::clock::now() + options_.fold.age);
  }
  if (loaders_ && wants_spare_ && !spare_asked_.exchange(true))
    loaders_->post([this] {
      make_spare();
      spare_asked_ = false;
      if (lacks_segment_ && folder_thread_) folder_thread_->ask();
    });
}

// Has the log make its spare. If there is none and no room for one, turns wait before the log reaches its
// end.
void layered_store::make_spare() {
  auto made = log_->prepare();
  if (made) return lacks(lack::of_log, std::nullopt);
  // The write that needs it tries again and reports any other error.
  if (made.error().code == errc::full || lacks_segment_) lacks(lack::of_log, made.error());
}

void layered_store::lacks(lack which, std::optional<fault> why) {
  {
    const std::scoped_lock lock(review_mutex_);
    lacks_[static_cast<std::size_t>(which)] = std::move(why);
    lacks_segment_ = lacks_[static_cast<std::size_t>(lack::of_log)].has_value();
  }
  review();
}

bool layered_store::over_limit() const {
  return written_ - folded_bytes_ >= options_.log_limit ||
         overlay_->bytes() >= options_.overlay_limit;
}

store_load layered_store::load_state() const {
  store_load s;
  s.log_bytes = written_ - folded_bytes_;
  s.overlay_bytes = overlay_->bytes();
  s.must_wait = waiting_;
  s.full = full_;
  return s;
}

result<void> layered_store::fold() {
  if (auto f = failure()) return *std::move(f);
  const std::scoped_lock lock(folding_);
  const bool kept = frozen_.has_value();  // for lack of room: what came since is in another layer
  auto folded = fold_layer();
  if (folded && kept) folded = fold_layer();
  if (!folded && folded.error().code != errc::full) return stop(std::move(folded).error());
  lacks(lack::of_fold, folded ? std::nullopt : std::optional(folded.error()));
  if (lacks_segment_) make_spare();
  return folded;
}

result<void> layered_store::fold_layer() {
  if (!frozen_) {
    const std::scoped_lock lock(writing_);
    if (overlay_->growing().empty()) return {};
    frozen_ = frozen_layer{nullptr, durable(), written_};
    frozen_->what = overlay_->freeze();
  }
  if (auto folded = tables_->fold(*frozen_->what, term_, frozen_->last); !folded) return folded;
  reach(checkpoint::folded);
  pass(kill_point::after_fold);
  log_->release(frozen_->last);
  reach(checkpoint::recycled);
  overlay_->drop(frozen_->what);
  folded_bytes_ = frozen_->written;
  frozen_.reset();
  return {};
}

// A lookup of a lost key looks like an absent record, so nothing is served from such tables.
bool layered_store::count_keys() {
  const std::scoped_lock lock(folding_);
  const auto more = tables_->count_keys(limits::keys_counted_at_once);
  if (more) return *more;
  if (more.error().code == errc::corrupt) persistence::end_for_damage(more.error().text.c_str());
  stop(more.error());
  return false;
}

void layered_store::watch(store_events events) {
  {
    const std::scoped_lock lock(review_mutex_);
    events_ = std::move(events);
    full_ = false;  // so that it is reported again
    if (const auto why = failure(); why && events_.stopped) events_.stopped(*why);
  }
  review();
}

// Is there room for the next steps: the growing layer and a spare of the log? The little that one fold frees
// is used up by the next few groups, so reporting room each time would be useless.
bool layered_store::is_roomy() const { return log_->has_room(overlay_->bytes()); }

// Decides whether turns must wait and whether it is for lack of room. Called after every change of its inputs
// by the thread that made the change; the calls are serialised, so the last one sees everything.
void layered_store::review() {
  const std::scoped_lock lock(review_mutex_);
  const auto& why = lacks_[static_cast<std::size_t>(lacks_segment_ ? lack::of_log : lack::of_fold)];
  const bool behind = !failed_ && (lacks_segment_ || over_limit());
  const bool lacks_room = behind && why && why->code == errc::full;
  const bool lacks_other = behind && why && !lacks_room;
  const bool still_full = full_ && !failed_ && !lacks_other && (behind || !is_roomy());
  const bool full = lacks_room || still_full;
  const bool must = behind || full;
  const bool turned_full = full && !full_;
  const bool has_room = waiting_ && !must;
  full_ = full;
  waiting_ = must;
  if (turned_full && events_.full) events_.full(*why);
  if (has_room && events_.room) events_.room();
}

void layered_store::load(load_request what, std::function<void(load_answer)> done) {
  if (auto answer = answer_here(what)) return done(std::move(*answer));
  loaders_->post([this, asked = std::move(what), call = std::move(done)] { call(read(asked)); });
}

// Answers on this thread. Nothing if the tables must be read and their pages may not be in memory.
std::optional<load_answer> layered_store::answer_here(const load_request& what) {
  if (auto f = failure()) return refused(*std::move(f));
  if (auto answer = look_in_layers(what, overlay_->look())) return answer;
  if (options_.loads == load_mode::by_loaders) return std::nullopt;
  if (options_.loads == load_mode::by_caller) return read_tables(what);
  if (auto left = loads_to_loaders_.load(std::memory_order_relaxed); left > 0) {
    loads_to_loaders_.store(left - 1, std::memory_order_relaxed);
    return std::nullopt;
  }
  using clock = std::chrono::steady_clock;
  thread_local long known = waits_for_disk();
  const auto began = clock::now();
  auto answer = read_tables(what);
  if (clock::now() - began < quick) return answer;
  const auto now = waits_for_disk();
  if (now != std::exchange(known, now)) loads_to_loaders_ = loads_after_wait;
  return answer;
}

load_answer layered_store::read(const load_request& what) {
  if (auto f = failure()) return refused(*std::move(f));
  if (auto answer = look_in_layers(what, overlay_->look())) return *std::move(answer);
  return read_tables(what);
}

load_answer layered_store::read_tables(const load_request& what) {
  for (;;) {
    const auto from = overlay_->look();  // layers first: what they lack is in tables read later
    if (auto answer = tables_->read(what, from)) return *std::move(answer);
  }
}

}  // namespace reprise::persistence::internal
