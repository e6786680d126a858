#include "persistence/internal/log_scan.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cassert>
#include <filesystem>
#include <future>
#include <memory>
#include <system_error>
#include <utility>

#include "persistence/internal/file.hpp"

namespace reprise::persistence::internal {

namespace fs = std::filesystem;

namespace {

result<std::string> read_whole(const std::string& path) {
  auto f = file::open(path, O_RDONLY);
  if (!f) return f.error();
  const auto size = f->size();
  if (!size) return size.error();
  return f->read(*size, 0);
}

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
        visit(start != out_.other.end());
      }
      visited();
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

  // The segment that goes on after a closed one.
  std::vector<segment_file>::iterator successor() {
    const auto sequence = out_.live.back().header->sequence + 1;
    return std::find_if(out_.other.begin(), out_.other.end(), [&](const segment_file& f) {
      return f.header && f.header->sequence == sequence && f.header->first == out_.next &&
             f.header->previous == out_.previous;
    });
  }

  result<void> walk(segment_file segment) {
    auto bytes = read_whole(segment.path);
    if (!bytes) return bytes.error();
    out_.live.push_back(std::move(segment));
    out_.closed = false;
    out_.end = segment_header_size;
    out_.last_frame = 0;
    walked_ = std::make_shared<const std::string>(std::move(*bytes));
    while (!out_.closed) {
      const auto f = read_frame(*walked_, out_.end, id_);
      if (!f || f->term < out_.term || f->first != out_.next || f->previous != out_.previous) break;
      accept(*walked_, *f);
    }
    return {};
  }

  // Shows what the walked segment brought: beside the reading of the next one if there is one.
  void visit(bool another_follows) {
    auto some = std::exchange(unfolded_, {});
    if (!visit_ || some.empty()) return;
    visited();
    if (!another_follows) return visit_(some);
    visiting_ = std::async(std::launch::async, [this, bytes = walked_, some = std::move(some)] {
      visit_(some);  // in `bytes`
    });
  }
  void visited() {
    if (visiting_.valid()) visiting_.get();
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

  // Behind the end, in segments that were begun later, and in those whose header cannot be read.
  result<void> look_beyond() {
    std::uint64_t last = 0;
    if (!out_.live.empty()) {
      last = out_.live.back().header->sequence;
      if (!out_.closed) look_in(out_.live.back().path, *walked_, out_.end);
    }
    for (const auto& f : out_.other) {
      if (f.header && f.header->sequence <= last) continue;
      const auto bytes = read_whole(f.path);
      if (!bytes) return bytes.error();
      const auto before = out_.beyond.size();
      look_in(f.path, *bytes, segment_header_size);
      // The segment before a later one was closed durably before that one's header was written.
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
  std::shared_ptr<const std::string> walked_;  // the bytes of the segment that was walked last
  std::vector<logged_transition> unfolded_;    // ... and what stands in it above the tables
  std::future<void> visiting_;
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
