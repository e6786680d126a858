// Any bytes as a record of each table: shown as JSON, or no record of it.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "persistence/keys.hpp"
#include "persistence/tools/record_text.hpp"

namespace internal = reprise::persistence::internal;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  // The first byte says of which table; the record is read by the table alone.
  const std::string key(1, static_cast<char>(bytes[0] % reprise::persistence::table_count));
  const std::string_view value(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  // From the heap, so that the sanitizer sees a read beyond its end.
  const std::string copy(value);
  static_cast<void>(internal::record_json(key, copy));
  static_cast<void>(internal::events_in(copy));
  static_cast<void>(internal::claim_of(copy));
  static_cast<void>(internal::key_json(copy));
  return 0;
}
