#include "persistence/log/frame.hpp"

#include <xxhash.h>

#include <array>
#include <cassert>
#include <cstring>

namespace reprise::persistence::internal {

namespace {

constexpr std::string_view segment_magic = "RPRSEGMT";
constexpr std::uint32_t frame_magic = 0x52'46'50'52;  // "RPFR"

template <class T>
void write_at(char* to, std::size_t at, T value) noexcept {
  std::memcpy(to + at, &value, sizeof value);
}
template <class T>
T read_at(std::string_view from, std::size_t at) noexcept {
  T value;
  std::memcpy(&value, from.data() + at, sizeof value);
  return value;
}

std::uint64_t frame_sum(const char* frame, std::size_t payload, std::uint64_t id) noexcept {
  return XXH3_64bits_withSeed(frame + 8, frame_header_size - 8 + payload, id);
}

}  // namespace

std::string encode(const segment_header& h, std::uint64_t folder_id) {
  std::string bytes(segment_header_size, '\0');
  segment_magic.copy(bytes.data(), segment_magic.size());
  write_at(bytes.data(), 8, std::uint32_t{log_format});
  write_at(bytes.data(), 16, folder_id);
  write_at(bytes.data(), 24, h.sequence);
  write_at(bytes.data(), 32, h.first);
  write_at(bytes.data(), 40, h.previous);
  write_at(bytes.data(), 56, XXH3_64bits(bytes.data(), 56));
  return bytes;
}

std::optional<segment_header> read_segment_header(std::string_view segment,
                                                  std::uint64_t folder_id) noexcept {
  if (segment.size() < segment_header_size || !segment.starts_with(segment_magic))
    return std::nullopt;
  if (read_at<std::uint64_t>(segment, 56) != XXH3_64bits(segment.data(), 56)) return std::nullopt;
  if (read_at<std::uint32_t>(segment, 8) != log_format) return std::nullopt;
  if (read_at<std::uint64_t>(segment, 16) != folder_id) return std::nullopt;
  return segment_header{read_at<std::uint64_t>(segment, 24), read_at<position>(segment, 32),
                        read_at<std::uint64_t>(segment, 40)};
}

std::uint64_t append_frame(std::string& to, frame_header h, std::span<const batch> group,
                           std::uint64_t folder_id) {
  const auto at = to.size();
  std::size_t payload = 0;
  for (const auto& b : group) payload += 4 + b.bytes().size();
  assert(payload <= UINT32_MAX && group.size() <= UINT32_MAX);
  std::array<char, frame_header_size> header{};
  const auto write = [&](std::size_t offset, auto value) {
    write_at(header.data(), offset, value);
  };
  write(8, frame_magic);
  write(12, log_format);
  write(14, static_cast<std::uint16_t>(h.kind));
  write(16, h.term);
  write(24, h.first);
  write(32, static_cast<std::uint32_t>(group.size()));
  write(36, static_cast<std::uint32_t>(payload));
  write(40, h.previous);
  to.reserve(at + frame_size(payload));
  to.append(header.data(), header.size());
  for (const auto& b : group) {
    const auto size = static_cast<std::uint32_t>(b.bytes().size());
    to.append(reinterpret_cast<const char*>(&size), sizeof size).append(b.bytes());
  }
  to.resize(at + frame_size(payload), '\0');
  const auto sum = frame_sum(to.data() + at, payload, folder_id);
  write_at(to.data() + at, 0, sum);
  return sum;
}

std::optional<frame_header> read_frame(std::string_view segment, std::size_t offset,
                                       std::uint64_t folder_id) noexcept {
  return read_frame_from(0, segment, offset, folder_id);
}

std::optional<frame_header> read_frame_from(position from, std::string_view segment,
                                            std::size_t offset, std::uint64_t folder_id) noexcept {
  if (offset + frame_header_size > segment.size()) return std::nullopt;
  const auto frame = segment.substr(offset);
  if (read_at<std::uint32_t>(frame, 8) != frame_magic) return std::nullopt;
  if (read_at<std::uint16_t>(frame, 12) != log_format) return std::nullopt;
  frame_header h;
  h.sum = read_at<std::uint64_t>(frame, 0);
  h.kind = static_cast<frame_kind>(read_at<std::uint16_t>(frame, 14));
  h.term = read_at<persistence::term>(frame, 16);
  h.first = read_at<position>(frame, 24);
  h.count = read_at<std::uint32_t>(frame, 32);
  h.bytes = read_at<std::uint32_t>(frame, 36);
  h.previous = read_at<std::uint64_t>(frame, 40);
  if (h.first < from || frame_header_size + std::size_t{h.bytes} > frame.size())
    return std::nullopt;
  if (h.sum != frame_sum(frame.data(), h.bytes, folder_id)) return std::nullopt;
  return h;
}

std::size_t find_frame(std::string_view segment, std::size_t offset) noexcept {
  for (auto at = (offset + 7) & ~std::size_t{7}; at + frame_header_size <= segment.size(); at += 8)
    if (read_at<std::uint32_t>(segment, at + 8) == frame_magic) return at;
  return segment.size();
}

std::optional<std::string_view> transition_reader::next() noexcept {
  if (rest_.size() < 4) return std::nullopt;
  const auto size = read_at<std::uint32_t>(rest_, 0);
  if (rest_.size() - 4 < size) return std::nullopt;
  const auto writes = rest_.substr(4, size);
  rest_.remove_prefix(4 + std::size_t{size});
  return writes;
}

}  // namespace reprise::persistence::internal
