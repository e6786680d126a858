// The bytes of the log: segment headers and frames. Integers are little-endian; frames start at
// multiples of 8.
//
// A segment file begins with
//   magic 8 | format 4 | zero 4 | folder id 8 | sequence 8 |
//   first position 8 | previous 8 | zero 8 | sum 8
// where `previous` is the checksum of the last frame before the segment and `sum` is XXH3 of what
// precedes it. Sequence 0: a spare, prewritten and never used. After the header come frames:
//   sum 8 | magic 4 | format 2 | kind 2 | term 8 | first position 8 |
//   count 4 | bytes 4 | previous 8 | payload
// `sum` is XXH3, seeded with the folder id, of everything after it to the end of the payload;
// `previous` is the sum of the frame before. The payload of a group is, for each transition, size 4
// and its batch (persistence/batch.hpp). A group without transitions begins a term; a closing frame
// is the last of its segment. The folder id ensures that frames of another folder, or inside a
// user's value, are not mistaken for frames of this log.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "persistence/batch.hpp"
#include "persistence/store.hpp"

namespace reprise::persistence::internal {

inline constexpr std::uint16_t log_format = 1;
inline constexpr std::size_t segment_header_size = 64;
inline constexpr std::size_t frame_header_size = 48;

struct segment_header {
  std::uint64_t sequence = 0;
  position first = 1;
  std::uint64_t previous = 0;
};
std::string encode(const segment_header&, std::uint64_t folder_id);
std::optional<segment_header> read_segment_header(std::string_view segment,
                                                  std::uint64_t folder_id) noexcept;

enum class frame_kind : std::uint16_t { group = 1, closing = 2 };

struct frame_header {
  std::uint64_t sum = 0;
  frame_kind kind = frame_kind::group;
  persistence::term term = 0;
  position first = 1;
  std::uint32_t count = 0;
  std::uint32_t bytes = 0;  // of the payload
  std::uint64_t previous = 0;
};

// The size of a frame in its segment, padded to where the next frame starts.
constexpr std::size_t frame_size(std::size_t payload) noexcept {
  return (frame_header_size + payload + 7) & ~std::size_t{7};
}

// Appends a frame to `to`; sets `bytes`, `count` and `sum` from the group. Returns the sum.
std::uint64_t append_frame(std::string& to, frame_header, std::span<const batch> group,
                           std::uint64_t folder_id);

// Returns the frame at `offset` if it is complete and its checksum matches.
std::optional<frame_header> read_frame(std::string_view segment, std::size_t offset,
                                       std::uint64_t folder_id) noexcept;
// The same, only if its first position is at least `from`: used to search after the end of a log.
std::optional<frame_header> read_frame_from(position from, std::string_view segment,
                                            std::size_t offset, std::uint64_t folder_id) noexcept;
// Returns the first offset at or after `offset` that looks like a frame; the segment's size if none.
std::size_t find_frame(std::string_view segment, std::size_t offset) noexcept;

// Iterates over the transitions of a frame that was read: returns the writes of each.
class transition_reader {
 public:
  transition_reader(std::string_view segment, std::size_t offset, const frame_header& f) noexcept
      : rest_(segment.substr(offset + frame_header_size, f.bytes)) {}
  std::optional<std::string_view> next() noexcept;

 private:
  std::string_view rest_;
};

}  // namespace reprise::persistence::internal
