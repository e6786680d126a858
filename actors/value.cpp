#include "actors/value.hpp"

#include <kj/debug.h>
#include <kj/io.h>

#include <cstdint>
#include <cstring>
#include <string_view>

namespace reprise::internal {
namespace {

// The flat form of a struct with every field at its default: one segment of one null pointer.
alignas(8) constexpr char empty_struct[16] = {0, 0, 0, 0, 1, 0, 0, 0};

kj::ArrayPtr<const capnp::word> words(std::string_view bytes) {
  if (bytes.empty()) bytes = std::string_view(empty_struct, sizeof(empty_struct));
  return kj::arrayPtr(reinterpret_cast<const capnp::word*>(bytes.data()),
                      bytes.size() / sizeof(capnp::word));
}

// The segment table at the start: the number of the last segment, then the words of each.
std::size_t number_at(kj::ArrayPtr<const capnp::word> all, std::size_t i) {
  std::uint32_t number = 0;
  std::memcpy(&number, reinterpret_cast<const char*>(all.begin()) + i * sizeof number,
              sizeof number);
  return number;
}
std::size_t first_segment(std::size_t last) { return (last + 3) / 2; }

capnp::ReaderOptions unlimited() {
  capnp::ReaderOptions options;
  options.traversalLimitInWords = kj::maxValue;
  return options;
}

}  // namespace

std::ptrdiff_t& counted_bytes() noexcept {
  thread_local std::ptrdiff_t bytes = 0;
  return bytes;
}

payload flatten(capnp::MessageBuilder& message) {
  const auto segments = message.getSegmentsForOutput();
  const auto size = capnp::computeSerializedSizeInWords(segments) * sizeof(capnp::word);
  return payload(size, [&](char* to) {
    if (segments.size() == 1) {  // usual: {segments - 1, words of the segment}, the words
      const std::uint32_t table[2] = {0, static_cast<std::uint32_t>(segments[0].size())};
      std::memcpy(to, table, sizeof table);
      std::memcpy(to + sizeof table, segments[0].begin(), size - sizeof table);
      return;
    }
    kj::ArrayOutputStream out(kj::arrayPtr(reinterpret_cast<kj::byte*>(to), size));
    capnp::writeMessage(out, segments);
  });
}

flat_message::flat_message(payload bytes)
    : capnp::MessageReader(unlimited()), bytes_(std::move(bytes)) {
  const auto all = words(bytes_.bytes());
  KJ_REQUIRE(all.size() > 0, "the bytes are no message");
  const auto last = number_at(all, 0);
  auto end = first_segment(last);
  for (std::size_t i = 0; i <= last && end <= all.size(); ++i) end += number_at(all, i + 1);
  KJ_REQUIRE(end <= all.size(), "the bytes are no message");
}

kj::ArrayPtr<const capnp::word> flat_message::getSegment(unsigned id) {
  const auto all = words(bytes_.bytes());
  const auto last = number_at(all, 0);
  if (id > last) return nullptr;
  auto begin = first_segment(last);
  for (unsigned i = 0; i < id; ++i) begin += number_at(all, i + 1);
  return all.slice(begin, begin + number_at(all, id + 1));
}

}  // namespace reprise::internal
