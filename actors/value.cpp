#include "actors/value.hpp"

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

capnp::ReaderOptions unlimited() {
  capnp::ReaderOptions options;
  options.traversalLimitInWords = kj::maxValue;
  return options;
}

}  // namespace

payload flatten(capnp::MessageBuilder& message) {
  const auto segments = message.getSegmentsForOutput();
  const auto size = capnp::computeSerializedSizeInWords(segments) * sizeof(capnp::word);
  return payload(size, [&](char* to) {
    if (segments.size() == 1) {  // almost always: {segments - 1, words of the segment}, the words
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
    : bytes_(std::move(bytes)), reader_(words(bytes_.bytes()), unlimited()) {}

}  // namespace reprise::internal
