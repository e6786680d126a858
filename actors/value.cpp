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
  auto segments = message.getSegmentsForOutput();
  if (segments.size() ==
      1) {  // almost always: {segments - 1, words of the segment}, then the words
    auto bytes = segments[0].asBytes();
    std::string flat;
    flat.reserve(8 + bytes.size());
    std::uint32_t table[2] = {0, static_cast<std::uint32_t>(segments[0].size())};
    flat.append(reinterpret_cast<const char*>(table), sizeof(table));
    flat.append(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
    return payload(std::move(flat));
  }
  std::string flat(capnp::computeSerializedSizeInWords(segments) * sizeof(capnp::word), '\0');
  kj::ArrayOutputStream out(kj::arrayPtr(reinterpret_cast<kj::byte*>(flat.data()), flat.size()));
  capnp::writeMessage(out, segments);
  return payload(std::move(flat));
}

flat_message::flat_message(payload bytes)
    : bytes_(std::move(bytes)), reader_(words(bytes_.bytes()), unlimited()) {}

}  // namespace reprise::internal
