#include "persistence/internal/segment_log.hpp"

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

// A burst leaves this many segments behind for the next one; more are given back to the disk.
constexpr std::size_t max_free = 4;
constexpr std::size_t sector = 512;

fault unknown(std::string_view verb, const std::string& path, int error) {
  auto f = system_fault(verb, path, error);
  f.code = errc::unknown;
  f.text += ". Whether the last group is in the log is known when the folder is opened again";
  return f;
}

fault not_written(fault f) {
  f.code = errc::not_written;
  return f;
}

std::string segment_path(const std::string& folder, std::uint64_t number) {
  auto digits = std::to_string(number);
  digits.insert(0, digits.size() < 6 ? 6 - digits.size() : 0, '0');
  return folder + "/" + digits + ".segment";
}

}  // namespace

result<file> segment_log::make_spare(const settings& s, std::uint64_t number) {
  const auto path = segment_path(s.folder, number);
  const auto fresh = path + ".new";
  const auto fail = [&](const char* verb, int error) {
    ::unlink(fresh.c_str());
    return system_fault(verb, fresh, error);
  };
  auto f = file::open(fresh, O_CREAT | O_TRUNC | O_RDWR);
  if (!f) return std::move(f).error();
  std::string zeros(std::min<std::size_t>(s.segment_bytes, std::size_t{1} << 20), '\0');
  for (std::size_t at = 0; at < s.segment_bytes; at += zeros.size()) {
    zeros.resize(std::min(zeros.size(), s.segment_bytes - at));
    if (const int error = f->write(zeros, at); error != 0) return fail("write", error);
  }
  if (const int error = f->write(encode(segment_header{}, s.folder_id), 0); error != 0)
    return fail("write", error);
  if (::fsync(f->descriptor()) != 0) return fail("flush", errno);
  if (::rename(fresh.c_str(), path.c_str()) != 0) return fail("rename", errno);
  if (auto synced = file::sync_folder(s.folder); !synced) return std::move(synced).error();
  return std::move(*f).renamed(path);
}

result<void> segment_log::create(const settings& s, std::uint64_t number, segment_header h) {
  auto made = make_spare(s, number);
  if (!made) return made.error();
  int error = made->write(encode(h, s.folder_id), 0);
  if (error == 0) error = made->sync_data();
  if (error != 0) return system_fault("write", made->path(), error);
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
      log->full_.push_back({std::move(*f), e.live[i + 1].header->first});
    else
      log->current_ = {std::move(*f), found.header->sequence, found.size};
  }
  for (const auto& found : e.other) {
    if (found.size != s.segment_bytes) {
      log->odd_.push_back(found.path);
      continue;
    }
    auto f = file::open(found.path, O_RDWR);
    if (!f) return std::move(f).error();
    // A spare was never part of a log, so nothing is lost by writing it at once.
    const bool spare = found.header && found.header->sequence == 0;
    (spare ? log->free_ : log->withheld_).push_back(std::move(*f));
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
  log->written_ = e.unfolded;
  if (auto rewritten = log->rewrite_last(e); !rewritten) return rewritten.error();
  return log;
}

// All frames before it were flushed before it was written; of it nobody knows, and after a failed
// flush the page cache would say that it is clean.
result<void> segment_log::rewrite_last(const log_extent& e) {
  auto& last = current_.bytes;
  const auto from = e.last_frame > segment_header_size ? e.last_frame : 0;
  auto bytes = last.read(e.end - from, from);
  if (!bytes) return bytes.error();
  int error = last.write(*bytes, from);
  if (error == 0) error = last.sync_data();
  if (error != 0) return system_fault("write", last.path(), error);
  return {};
}

result<void> segment_log::write(persistence::term in, position first,
                                std::span<const batch> group) {
  frame_.clear();
  const auto sum = append_frame(
      frame_, {.kind = frame_kind::group, .term = in, .first = first, .previous = previous_}, group,
      settings_.folder_id);
  const auto size = frame_.size();
  // Room for the closing frame stays.
  const bool fits = !closed_ && end_ + size + frame_header_size <= current_.capacity;
  if (fits) {
    if (auto written = write_here(frame_); !written) return written;
    previous_ = sum;
  } else if (auto begun = begin_segment(in, first, group); !begun) {
    return begun;
  }
  written_.fetch_add(size, std::memory_order_relaxed);
  if (end_ > current_.capacity / 2) half_full_.store(true, std::memory_order_relaxed);
  return {};
}

result<void> segment_log::write_here(std::string_view bytes) {
  const auto& to = current_.bytes;
  if (const int error = to.write(bytes, end_); error != 0) {
    if (!is_full(error)) return unknown("write", to.path(), error);
    // A part of it may be there: without its first sector it is no frame.
    const std::string zeros(std::min(bytes.size(), sector), '\0');
    if (const int again = to.write(zeros, end_); again != 0)
      return unknown("write", to.path(), again);
    return not_written(system_fault("write", to.path(), error));
  }
  end_ += bytes.size();
  return {};
}

result<void> segment_log::begin_segment(persistence::term in, position first,
                                        std::span<const batch> group) {
  auto next = next_file();  // before the old one is left: a full disk changes nothing
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
  assert(segment_header_size + frame_.size() + frame_header_size <= settings_.segment_bytes);
  const auto sequence = current_.sequence + 1;
  frame_ = encode(segment_header{sequence, first, previous_}, settings_.folder_id);
  const auto sum = append_frame(
      frame_, {.kind = frame_kind::group, .term = in, .first = first, .previous = previous_}, group,
      settings_.folder_id);
  if (const int error = next->write(frame_, 0); error != 0) {
    if (!is_full(error)) return unknown("write", next->path(), error);
    if (const int again = next->write(std::string(sector, '\0'), 0); again != 0)
      return unknown("write", next->path(), again);
    const std::scoped_lock lock(mutex_);
    free_.push_back(std::move(*next));
    return not_written(system_fault("write", free_.back().path(), error));
  }
  const std::scoped_lock lock(mutex_);
  full_.push_back({std::move(current_.bytes), first});
  current_ = {std::move(*next), sequence, settings_.segment_bytes};
  end_ = frame_.size();
  previous_ = sum;
  closed_ = false;
  half_full_.store(false, std::memory_order_relaxed);
  return {};
}

result<void> segment_log::flush() {
  const auto& to = current_.bytes;
  if (const int error = to.sync_data(); error != 0) return unknown("flush", to.path(), error);
  return {};
}

result<file> segment_log::next_file() {
  std::uint64_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    if (!free_.empty()) {
      auto f = std::move(free_.back());
      free_.pop_back();
      return f;
    }
    number = next_number_++;
  }
  return make_spare(settings_, number);
}

void segment_log::release(position folded) {
  const std::scoped_lock lock(mutex_);
  std::move(withheld_.begin(), withheld_.end(), std::back_inserter(free_));
  withheld_.clear();
  for (const auto& path : odd_) ::unlink(path.c_str());
  odd_.clear();
  pass(kill_point::log_erase);
  while (!full_.empty() && full_.front().next_first <= folded + 1) {
    free_.push_back(std::move(full_.front().bytes));
    full_.erase(full_.begin());
  }
  while (free_.size() > max_free) {
    ::unlink(free_.back().path().c_str());
    free_.pop_back();
  }
}

bool segment_log::wants_spare() const {
  if (!half_full_.load(std::memory_order_relaxed)) return false;
  const std::scoped_lock lock(mutex_);
  return free_.empty();
}

void segment_log::prepare() {
  std::uint64_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    if (!free_.empty()) return;
    number = next_number_++;
  }
  auto made = make_spare(settings_, number);
  if (!made) return;  // the change of segments will ask again, and say why
  const std::scoped_lock lock(mutex_);
  free_.push_back(std::move(*made));
}

}  // namespace reprise::persistence::internal
