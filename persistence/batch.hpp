// The writes of one transition, in order, encoded as they stand in a log frame.
//
// A key's first byte is its table (persistence/keys.hpp). A value is stored with a checksum: XXH3
// over key, value and format version, computed here, verified on every read.
//
// The form of one write, integers little-endian, nothing aligned:
//   kind 1 | key length 2 | rest length 4 | key | rest
// put: rest is the stored value, checksum 8 then the value. erase: no rest. erase_range: key is the
// first key, rest the last (exclusive).

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprise::persistence {

class batch {
 public:
  void put(std::string_view key, std::string_view value);
  void erase(std::string_view key);
  void erase_range(std::string_view first, std::string_view last);  // [first, last), in one table

  bool empty() const noexcept { return bytes_.empty(); }
  std::size_t count() const noexcept { return count_; }
  std::string_view bytes() const noexcept { return bytes_; }

 private:
  std::string bytes_;
  std::size_t count_ = 0;
};

enum class write_kind : std::uint8_t { put = 1, erase = 2, erase_range = 3 };

// One decoded write. Its views point into the bytes it was read from.
struct write {
  write_kind kind = write_kind::put;
  std::string_view key;     // erase_range: the first
  std::string_view stored;  // put: the checksum and the value, as stored in a table
  std::string_view last;    // erase_range: exclusive
};

// Decodes one write that is known to be complete, by its address.
write read_write(const char* whole) noexcept;
std::string_view key_of_write(const char* whole) noexcept;

// Iterates over the writes of one batch, or of several in a row, in order.
class write_reader {
 public:
  explicit write_reader(std::string_view bytes) noexcept : rest_(bytes) {}

  // Returns the next write; nothing at the end, or at bytes that are not a write (then `torn`).
  std::optional<write> next() noexcept;
  const char* at() const noexcept { return rest_.data(); }  // where the next one starts
  bool torn() const noexcept { return torn_; }

 private:
  std::string_view rest_;
  bool torn_ = false;
};

// The format of records and keys. It is part of every checksum, so a record of another format does
// not verify.
inline constexpr std::uint32_t record_format = 1;
inline constexpr std::size_t checksum_size = 8;

// Encodes a value for storage, and decodes it: nothing if the checksum does not match key and value.
std::string stored_value(std::string_view key, std::string_view value);
std::optional<std::string_view> verified_value(std::string_view key,
                                               std::string_view stored) noexcept;

}  // namespace reprise::persistence
