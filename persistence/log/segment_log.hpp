// Writes the log: one frame after the other, in prewritten segments that are reused.
//
// A frame is written with one write and flushed before the next. If it does not fit, a closing
// frame (also flushed) ends the segment, and the next segment starts with its header and the frame
// in one write. A frame that is too big for any segment gets one of its own. Segments that a fold
// covers are free for reuse, but none that open found is reused before this log's first `release`:
// until then the tables' last fold may not be on the disk.
//
// Threads and failure: as in group_log.hpp.

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "persistence/batch.hpp"
#include "persistence/errc.hpp"
#include "persistence/folder/file.hpp"
#include "persistence/log/frame.hpp"
#include "persistence/log/group_log.hpp"
#include "persistence/log/log_scan.hpp"
#include "persistence/store.hpp"

namespace reprise::persistence::internal {

class segment_log final : public group_log {
 public:
  struct settings {
    std::string folder;
    std::uint64_t folder_id = 0;
    std::size_t segment_bytes = 0;  // of all but those that hold one big frame
  };

  // Creates and flushes one segment for the frames to come. By default it is the first of a log.
  static result<void> create(const settings&, std::uint64_t number = 1, segment_header = {1, 1, 0});
  // Continues where the extent ends; rewrites and flushes its last frame first.
  static result<std::unique_ptr<segment_log>> open(const settings&, const log_extent&);

  // Writes the group's frame to the page cache.
  result<growth> write(persistence::term, position first, std::span<const batch> group) override;
  result<void> flush() override;
  const fault& why_not_written() const noexcept override { return why_not_written_; }

  // Frees whole segments.
  void release(position folded) override;
  // Makes a spare if none is large enough for what could not be written last, or if there is none.
  result<void> prepare() override;
  // Another segment is what `prepare` takes.
  bool has_room(std::uint64_t for_tables) const override;

 private:
  struct spare {
    file bytes;
    std::uint64_t capacity = 0;
  };
  struct segment {
    spare in;
    std::uint64_t sequence = 0;
  };
  struct full_segment {
    spare in;
    position next_first = 1;  // the first position of the segment after it
  };

  explicit segment_log(settings s) : settings_(std::move(s)) {}
  // Creates, zeroes and flushes a file.
  static result<spare> make_spare(const settings&, std::uint64_t number, std::size_t bytes);
  result<void> rewrite_last(const log_extent&);
  // Writes at end_ of the current segment.
  result<void> write_here(std::string_view bytes);
  // After a failed write. On a full disk zeroes the first sector of what was written, so that it is no
  // frame, and returns `not_written`; otherwise `unknown`.
  fault partly(const file&, std::size_t at, int error, std::size_t done);
  // Takes a free segment of at least this size, or makes one on this thread.
  result<spare> take_spare(std::size_t at_least);
  fault not_written(fault);
  // Ends the current segment with a closing frame and writes the group as the first frame of the next.
  result<void> begin_segment(persistence::term, position first, std::span<const batch> group);
  bool wants_spare() const;

  const settings settings_;
  // Used by the writing thread only.
  segment current_;
  std::string frame_;    // reused for every group
  std::size_t end_ = 0;  // where the next frame goes in current_
  std::uint64_t previous_ = 0;
  bool closed_ = false;     // current_ takes no more frames
  bool half_full_ = false;  // current_ is, so a spare is needed soon
  fault why_not_written_;

  std::atomic<std::size_t> wanted_{0};  // size of a segment that could not be made

  mutable std::mutex mutex_;        // guards what follows
  std::vector<full_segment> full_;  // ascending
  std::vector<spare> free_;
  std::vector<spare> withheld_;   // free after the first release
  std::vector<std::string> odd_;  // of another size: removed at the first release
  std::uint64_t next_number_ = 1;
};

}  // namespace reprise::persistence::internal
