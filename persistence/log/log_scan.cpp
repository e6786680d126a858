#include "persistence/log/log_scan.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cassert>
#include <filesystem>
#include <future>
#include <memory>
#include <system_error>
#include <utility>

#include "persistence/folder/file.hpp"
#include "persistence/log/huge_pages.hpp"

namespace reprise::persistence::internal {

namespace fs = std::filesystem;

namespace {

// The bytes of a segment. The memory is reused for one segment after the other: touching fresh
// pages costs more than reading into them and checking what was read.
class segment_bytes {
 public:
  std::string_view view() const noexcept { return {memory_.get(), size_}; }

  result<void> read(const std::string& path) {
    auto f = file::open(path, O_RDONLY);
    if (!f) return f.error();
    const auto size = f->size();
    if (!size) return size.error();
    if (*size > room_) {
      memory_ = make_memory<char>(*size);
      room_ = *size;
    }
    const auto have = f->read({memory_.get(), *size}, 0);
    if (!have) return have.error();
    size_ = *have;
    return {};
  }

 private:
  memory<char> memory_;
  std::size_t room_ = 0;
  std::size_t size_ = 0;
};

result<std::vector<segment_file>> list_segments(const std::string& folder, std::uint64_t id) {
  std::vector<segment_file> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() != ".segment") continue;
    auto f = file::open(at->path().string(), O_RDONLY);
    if (!f) return f.error();
    const auto size = f->size();
    if (!size) return size.error();
    const auto head = f->read(segment_header_size, 0);
    if (!head) return head.error();
    files.push_back({at->path().string(), read_segment_header(*head, id), *size});
  }
  if (error) return system_fault("list", folder, error.value());
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

class scanner {
 public:
  scanner(const std::string& folder, std::uint64_t id, position folded,
          const segment_visitor& visit)
      : folder_(folder), id_(id), folded_(folded), visit_(visit) {}

  result<log_extent> run(std::vector<segment_file> files) {
    out_.other = std::move(files);
    auto start = out_.other.end();
    for (auto at = out_.other.begin(); at != out_.other.end(); ++at) {
      if (!at->header || at->header->sequence == 0 || at->header->first > folded_ + 1) continue;
      if (start == out_.other.end() || at->header->sequence > start->header->sequence) start = at;
    }
    if (start == out_.other.end()) {
      out_.damage.push_back(
          folder_ + ": the log has no segment that goes on where the tables end, at position " +
          std::to_string(folded_));
      out_.next = folded_ + 1;
    } else {
      out_.next = start->header->first;
      out_.previous = start->header->previous;
      while (start != out_.other.end()) {
        if (auto walked = walk(take(start)); !walked) return walked.error();
        start = out_.closed ? successor() : out_.other.end();
        visit();
      }
      finish();
      if (out_.next <= folded_)
        out_.damage.push_back(place(out_.live.back().path, out_.end) + "the log ends at position " +
                              std::to_string(out_.next - 1) + ", but the tables go to " +
                              std::to_string(folded_));
    }
    if (auto looked = look_beyond(); !looked) return looked.error();
    return std::move(out_);
  }

 private:
  static std::string place(const std::string& path, std::size_t offset) {
    return path + " at byte " + std::to_string(offset) + ": ";
  }

  static bool is_whole(std::string_view writes) {
    write_reader in(writes);
    while (in.next()) continue;
    return !in.torn();
  }

  segment_file take(std::vector<segment_file>::iterator at) {
    auto taken = std::move(*at);
    out_.other.erase(at);
    return taken;
  }

  // Returns the segment that continues the log after a closed one.
  std::vector<segment_file>::iterator successor() {
    const auto sequence = out_.live.back().header->sequence + 1;
    return std::find_if(out_.other.begin(), out_.other.end(), [&](const segment_file& f) {
      return f.header && f.header->sequence == sequence && f.header->first == out_.next &&
             f.header->previous == out_.previous;
    });
  }

  result<void> walk(segment_file segment) {
    std::swap(walked_, worked_on_);  // free: work on the later one began after that on it ended
    if (auto read = walked_.read(segment.path); !read) return read;
    const auto bytes = walked_.view();
    out_.live.push_back(std::move(segment));
    out_.closed = false;
    out_.end = segment_header_size;
    out_.last_frame = 0;
    while (!out_.closed) {
      const auto f = read_frame(bytes, out_.end, id_);
      if (!f || f->term < out_.term || f->first != out_.next || f->previous != out_.previous) break;
      accept(bytes, *f);
    }
    return {};
  }

  // Passes the walked segment's transitions to the visitor, and starts the work on it once the work
  // on the previous segment has ended.
  void visit() {
    auto work = visit_ && !unfolded_.empty() ? visit_(unfolded_) : segment_work();
    unfolded_.clear();
    finish();
    if (work) working_ = std::async(std::launch::async, std::move(work));
  }
  void finish() {
    if (working_.valid()) working_.get();
  }

  void accept(std::string_view bytes, const frame_header& f) {
    if (f.first + f.count > folded_ + 1) out_.unfolded += frame_size(f.bytes);
    transition_reader in(bytes, out_.end, f);
    for (position at = f.first; at < f.first + f.count; ++at) {
      const auto writes = in.next();
      if (!writes || !is_whole(*writes)) {
        out_.damage.push_back(place(out_.live.back().path, out_.end) +
                              "a frame's checksum fits, its contents do not");
        break;
      }
      if (at > folded_) unfolded_.push_back({at, *writes});
    }
    out_.last_frame = out_.end;
    out_.end += frame_size(f.bytes);
    out_.closed = f.kind == frame_kind::closing;
    out_.previous = f.sum;
    out_.next = f.first + f.count;
    out_.term = f.term;
    ++out_.frames;
  }

  // Searches after the end, in later segments, and in segments whose header cannot be read.
  result<void> look_beyond() {
    std::uint64_t last = 0;
    if (!out_.live.empty()) {
      last = out_.live.back().header->sequence;
      if (!out_.closed) look_in(out_.live.back().path, walked_.view(), out_.end);
    }
    for (const auto& f : out_.other) {
      if (f.header && f.header->sequence <= last) continue;
      if (auto read = walked_.read(f.path); !read) return read;
      const auto before = out_.beyond.size();
      look_in(f.path, walked_.view(), segment_header_size);
      // A later segment's header was written after the segment before it was closed durably.
      if (f.header && out_.beyond.size() == before)
        out_.beyond.push_back({f.path, 0, f.header->first, 0});
    }
    if (out_.beyond.empty()) return {};
    const auto& b = out_.beyond.front();
    if (!out_.live.empty())
      out_.damage.push_back(place(out_.live.back().path, out_.end) +
                            "no frame goes on after position " + std::to_string(out_.next - 1));
    out_.damage.push_back(place(b.path, b.offset) + "but what was written later, from position " +
                          std::to_string(b.first) + " on, is there");
    return {};
  }

  void look_in(const std::string& path, std::string_view bytes, std::size_t from) {
    for (auto at = find_frame(bytes, from); at < bytes.size(); at = find_frame(bytes, at + 8))
      if (const auto f = read_frame_from(out_.next, bytes, at, id_))
        out_.beyond.push_back({path, at, f->first, f->term});
  }

  const std::string& folder_;
  const std::uint64_t id_;
  const position folded_;
  const segment_visitor& visit_;
  log_extent out_;
  segment_bytes walked_;                      // of the last walked segment
  segment_bytes worked_on_;                   // ... and of the one before it
  large_vector<logged_transition> unfolded_;  // of the last: its transitions above the tables
  std::future<void> working_;                 // last: uses the fields above until waited for
};

}  // namespace

result<log_extent> scan_log(const std::string& folder, std::uint64_t folder_id, position folded,
                            const segment_visitor& visit) {
  auto files = list_segments(folder, folder_id);
  if (!files) return files.error();
  return scanner(folder, folder_id, folded, visit).run(std::move(*files));
}

std::optional<fault> damage_of(const log_extent& e) {
  if (e.damage.empty()) return std::nullopt;
  std::string text = "the log is damaged";
  for (const auto& d : e.damage) text += "; " + d;
  text +=
      ". Restore the folder from a backup, or look with `reprise store check FOLDER` and cut what "
      "does not fit with `--cut`, which loses what stands behind the cut";
  return fault{errc::corrupt, std::move(text)};
}

}  // namespace reprise::persistence::internal
