#include "persistence/log/segment_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <system_error>
#include <utility>

#include "persistence/kill_point.hpp"

namespace reprise::persistence::internal {

namespace fs = std::filesystem;

namespace {

// How many free segments are kept after a burst for the next one; more are removed.
constexpr std::size_t max_free = 4;
constexpr std::size_t sector = 512;
constexpr std::size_t page = 4096;
// Groups leave this much free at the end of a segment. On a full disk, the terms that follow failed
// commits still fit, so that the folder can be opened again and served.
constexpr std::size_t room_for_terms(std::size_t capacity) noexcept {
  return std::clamp(capacity / 64, frame_header_size, 16 * frame_header_size);
}

fault unknown(std::string_view verb, const std::string& path, int error) {
  auto f = system_fault(verb, path, error);
  f.code = errc::unknown;
  f.text += ". Whether the last group is in the log is known when the folder is opened again";
  return f;
}

std::string segment_path(const std::string& folder, std::uint64_t number) {
  auto digits = std::to_string(number);
  digits.insert(0, digits.size() < 6 ? 6 - digits.size() : 0, '0');
  return folder + "/" + digits + ".segment";
}

}  // namespace

fault segment_log::not_written(fault f) {
  why_not_written_ = f;
  f.code = errc::not_written;
  return f;
}

result<segment_log::spare> segment_log::make_spare(const settings& s, std::uint64_t number,
                                                   std::size_t bytes) {
  const auto path = segment_path(s.folder, number);
  const auto fresh = path + ".new";
  const auto fail = [&](const char* verb, int error) {
    ::unlink(fresh.c_str());
    return system_fault(verb, fresh, error);
  };
  // Otherwise each attempt would briefly take the remaining space from other programs.
  if (free_bytes(s.folder) < bytes) return system_fault("make", path, ENOSPC);
  auto f = file::open(fresh, O_CREAT | O_TRUNC | O_RDWR);
  if (!f) return std::move(f).error();
  std::string zeros(std::min<std::size_t>(bytes, std::size_t{1} << 20), '\0');
  for (std::size_t at = 0; at < bytes; at += zeros.size()) {
    zeros.resize(std::min(zeros.size(), bytes - at));
    if (const int error = f->write(zeros, at); error != 0) return fail("write", error);
  }
  if (const int error = f->write(encode(segment_header{}, s.folder_id), 0); error != 0)
    return fail("write", error);
  if (::fsync(f->descriptor()) != 0) return fail("flush", errno);
  if (::rename(fresh.c_str(), path.c_str()) != 0) return fail("rename", errno);
  if (auto synced = file::sync_folder(s.folder); !synced) {
    ::unlink(path.c_str());
    return std::move(synced).error();
  }
  return spare{std::move(*f).renamed(path), bytes};
}

result<void> segment_log::create(const settings& s, std::uint64_t number, segment_header h) {
  auto made = make_spare(s, number, s.segment_bytes);
  if (!made) return made.error();
  int error = made->bytes.write(encode(h, s.folder_id), 0);
  if (error == 0) error = made->bytes.sync_data();
  if (error != 0) return system_fault("write", made->bytes.path(), error);
  return {};
}

result<std::unique_ptr<segment_log>> segment_log::open(const settings& s, const log_extent& e) {
  assert(!e.live.empty() && e.damage.empty());
  std::unique_ptr<segment_log> log(new segment_log(s));
  for (std::size_t i = 0; i < e.live.size(); ++i) {
    const auto& found = e.live[i];
    auto f = file::open(found.path, O_RDWR);
    if (!f) return std::move(f).error();
    if (i + 1 < e.live.size())
      log->full_.push_back({{std::move(*f), found.size}, e.live[i + 1].header->first});
    else
      log->current_ = {{std::move(*f), found.size}, found.header->sequence};
  }
  for (const auto& found : e.other) {
    if (found.size != s.segment_bytes) {
      log->odd_.push_back(found.path);
      continue;
    }
    auto f = file::open(found.path, O_RDWR);
    if (!f) return std::move(f).error();
    // A spare was never part of a log, so it may be overwritten at once.
    const bool spare = found.header && found.header->sequence == 0;
    (spare ? log->free_ : log->withheld_).push_back({std::move(*f), found.size});
  }
  std::error_code ignored;
  for (fs::directory_iterator at(s.folder, ignored), end; !ignored && at != end;
       at.increment(ignored)) {
    const auto name = at->path().filename().string();
    if (name.ends_with(".new")) ::unlink(at->path().c_str());
    const auto number = std::strtoull(name.c_str(), nullptr, 10);
    log->next_number_ = std::max(log->next_number_, std::uint64_t{number} + 1);
  }
  log->end_ = e.end;
  log->previous_ = e.previous;
  log->closed_ = e.closed;
  if (auto rewritten = log->rewrite_last(e); !rewritten) return rewritten.error();
  return log;
}

// Every earlier frame was flushed; the last may not be. After a failed flush the page cache claims
// that it is clean, so rewrite and flush it.
result<void> segment_log::rewrite_last(const log_extent& e) {
  auto& last = current_.in.bytes;
  const auto from = e.last_frame > segment_header_size ? e.last_frame : 0;
  auto bytes = last.read(e.end - from, from);
  if (!bytes) return bytes.error();
  int error = last.write(*bytes, from);
  if (error == 0) error = last.sync_data();
  if (error != 0) return system_fault("write", last.path(), error);
  return {};
}

result<group_log::growth> segment_log::write(persistence::term in, position first,
                                             std::span<const batch> group) {
  frame_.clear();
  const auto sum = append_frame(
      frame_, {.kind = frame_kind::group, .term = in, .first = first, .previous = previous_}, group,
      settings_.folder_id);
  const auto size = frame_.size();
  // Invariant: the closing frame always fits behind the last frame of a segment.
  const auto left_free = group.empty() ? frame_header_size : room_for_terms(current_.in.capacity);
  const bool fits = !closed_ && end_ + size + left_free <= current_.in.capacity;
  if (fits) {
    if (auto written = write_here(frame_); !written) return written.error();
    previous_ = sum;
  } else if (auto begun = begin_segment(in, first, group); !begun) {
    return begun.error();
  }
  if (end_ > current_.in.capacity / 2) half_full_ = true;
  return growth{size, wants_spare()};
}

result<void> segment_log::write_here(std::string_view bytes) {
  const auto& to = current_.in.bytes;
  std::size_t done = 0;
  if (const int error = to.write(bytes, end_, &done); error != 0)
    return partly(to, end_, error, done);
  end_ += bytes.size();
  return {};
}

// Handles a failed write: what was written of it must not look like a frame.
fault segment_log::partly(const file& to, std::size_t at, int error, std::size_t done) {
  if (!is_full(error)) return unknown("write", to.path(), error);
  if (const std::string zeros(std::min(done, sector), '\0'); done > 0)
    if (const int again = to.write(zeros, at); again != 0)
      return unknown("write", to.path(), again);
  return not_written(system_fault("write", to.path(), error));
}

result<void> segment_log::begin_segment(persistence::term in, position first,
                                        std::span<const batch> group) {
  // Before the old segment is closed, so that a full disk changes nothing.
  auto next = take_spare(segment_header_size + frame_.size() + frame_header_size);
  if (!next) return not_written(std::move(next).error());
  if (!closed_) {
    std::string closing;
    const auto sum = append_frame(
        closing, {.kind = frame_kind::closing, .term = in, .first = first, .previous = previous_},
        {}, settings_.folder_id);
    auto written = write_here(closing);
    if (written) written = flush();
    if (!written) {
      const std::scoped_lock lock(mutex_);
      free_.push_back(std::move(*next));
      return written;
    }
    previous_ = sum;
    closed_ = true;
  }
  const auto sequence = current_.sequence + 1;
  frame_ = encode(segment_header{sequence, first, previous_}, settings_.folder_id);
  const auto sum = append_frame(
      frame_, {.kind = frame_kind::group, .term = in, .first = first, .previous = previous_}, group,
      settings_.folder_id);
  std::size_t done = 0;
  if (const int error = next->bytes.write(frame_, 0, &done); error != 0) {
    auto failed = partly(next->bytes, 0, error, done);
    const std::scoped_lock lock(mutex_);
    free_.push_back(std::move(*next));
    return failed;
  }
  assert(frame_.size() + frame_header_size <= next->capacity);
  const std::scoped_lock lock(mutex_);
  full_.push_back({std::move(current_.in), first});
  current_ = {std::move(*next), sequence};
  end_ = frame_.size();
  previous_ = sum;
  closed_ = false;
  half_full_ = false;
  return {};
}

result<void> segment_log::flush() {
  const auto& to = current_.in.bytes;
  if (const int error = to.sync_data(); error != 0) return unknown("flush", to.path(), error);
  return {};
}

result<segment_log::spare> segment_log::take_spare(std::size_t at_least) {
  const auto bytes =
      at_least <= settings_.segment_bytes ? settings_.segment_bytes : (at_least / page + 1) * page;
  std::uint64_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    const auto fits = [&](const spare& s) { return s.capacity >= bytes; };
    if (const auto at = std::find_if(free_.begin(), free_.end(), fits); at != free_.end()) {
      auto taken = std::move(*at);
      free_.erase(at);
      wanted_ = 0;
      return taken;
    }
    number = next_number_++;
  }
  wanted_ = bytes;
  auto made = make_spare(settings_, number, bytes);
  if (made) wanted_ = 0;
  return made;
}

void segment_log::release(position folded) {
  const std::scoped_lock lock(mutex_);
  std::move(withheld_.begin(), withheld_.end(), std::back_inserter(free_));
  withheld_.clear();
  for (const auto& path : odd_) ::unlink(path.c_str());
  odd_.clear();
  pass(kill_point::log_erase);
  while (!full_.empty() && full_.front().next_first <= folded + 1) {
    free_.push_back(std::move(full_.front().in));
    full_.erase(full_.begin());
  }
  const auto give_back = [](const spare& s) { ::unlink(s.bytes.path().c_str()); };
  std::erase_if(free_, [&](const spare& s) {
    const bool odd = s.capacity != settings_.segment_bytes && s.capacity != wanted_;
    if (odd) give_back(s);
    return odd;
  });
  for (; free_.size() > max_free; free_.erase(free_.begin())) give_back(free_.front());
}

bool segment_log::wants_spare() const {
  if (!half_full_) return false;
  const std::scoped_lock lock(mutex_);
  return free_.empty();
}

bool segment_log::has_room(std::uint64_t for_tables) const {
  return free_bytes(settings_.folder) >= settings_.segment_bytes + for_tables;
}

result<void> segment_log::prepare() {
  const auto bytes = std::max(settings_.segment_bytes, wanted_.load());
  std::uint64_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& each : free_)
      if (each.capacity >= bytes) return {};
    number = next_number_++;
  }
  auto made = make_spare(settings_, number, bytes);
  if (!made) return std::move(made).error();
  const std::scoped_lock lock(mutex_);
  free_.push_back(std::move(*made));
  return {};
}

}  // namespace reprise::persistence::internal
