// Reads a log folder: which segments form the log, where it ends, and whether the data after its
// end is legitimate. Used by opening and by `store check`; writes nothing.
//
// The log ends at the first frame that does not match: checksum, chain value, position, or a lower
// term. Data after it is stale, left by an earlier use of the segment, if its positions are lower
// than the expected one. A complete frame with a position that is not lower was written after the
// end was durable: the log is damaged.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/errc.hpp"
#include "persistence/log/frame.hpp"
#include "persistence/store.hpp"

namespace reprise::persistence::internal {

struct segment_file {
  std::string path;
  std::optional<segment_header> header;  // nothing: damaged, or never finished
  std::uint64_t size = 0;
};

// A valid frame where there must be none.
struct misplaced_frame {
  std::string path;
  std::size_t offset = 0;
  position first = 0;
  persistence::term term = 0;  // 0: a whole segment, whose header is at `offset`
};

struct log_extent {
  std::vector<segment_file> live;   // the log, from the segment with the position after the tables
  std::vector<segment_file> other;  // every other segment file
  std::size_t end = 0;              // offset in the last live segment after its last frame
  std::size_t last_frame = 0;       // offset of its last frame; 0: it has none
  bool closed = false;              // the last frame is a closing one
  std::uint64_t previous = 0;       // checksum of the last frame
  position next = 1;                // the expected position
  persistence::term term = 0;       // the highest term
  std::uint64_t frames = 0;
  std::uint64_t unfolded = 0;           // bytes of frames above the tables' position
  std::vector<misplaced_frame> beyond;  // if not empty, the log is damaged
  std::vector<std::string> damage;      // one sentence each: what is wrong, where
};

struct logged_transition {
  position at = 0;
  std::string_view writes;  // points into the segment's bytes
};

// Called with the transitions above the tables' position, ascending, one segment at a time. It may
// return work that needs the segment's bytes but not the span: that runs on another thread while
// the next segment is read and visited, one at a time and in order.
using segment_work = std::function<void()>;
using segment_visitor = std::function<segment_work(std::span<const logged_transition>)>;

// `folder` is the log's folder. Fails if it cannot be read; damage is reported in the extent.
result<log_extent> scan_log(const std::string& folder, std::uint64_t folder_id, position folded,
                            const segment_visitor&);

// Returns the damage of an extent as one fault that says what to do; nothing if there is none.
std::optional<fault> damage_of(const log_extent&);

}  // namespace reprise::persistence::internal
