#include "persistence/batch.hpp"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"

namespace reprise::persistence {

namespace {

static_assert(std::endian::native == std::endian::little, "the log is little-endian");

constexpr std::size_t header_size = 1 + 2 + 4;
constexpr std::size_t usual_batch = 512;  // an actor's turn fits; an instance's grows it once

// Chained by seed, so that key and value need not be adjacent.
std::uint64_t checksum(std::string_view key, std::string_view value) noexcept {
  const auto seed = XXH3_64bits_withSeed(key.data(), key.size(), record_format);
  return XXH3_64bits_withSeed(value.data(), value.size(), seed);
}

template <class T>
T read_at(const char* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

void require_key(std::string_view key) {
  assert(!key.empty() && key.size() <= limits::max_key_bytes);
  assert(key.front() > 0 && key.front() < table_count);
  static_cast<void>(key);
}

// Appends the header and the key of a write, and reserves room for its rest.
void begin_write(std::string& bytes, write_kind kind, std::string_view key, std::size_t rest) {
  assert(rest <= UINT32_MAX);
  const auto needed = bytes.size() + header_size + key.size() + rest;
  if (needed > bytes.capacity()) bytes.reserve(std::max(needed * 2, usual_batch));
  char header[header_size] = {static_cast<char>(kind)};
  const auto key_size = static_cast<std::uint16_t>(key.size());
  const auto rest_size = static_cast<std::uint32_t>(rest);
  std::memcpy(header + 1, &key_size, sizeof key_size);
  std::memcpy(header + 3, &rest_size, sizeof rest_size);
  bytes.append(header, header_size).append(key);
}

void append_value(std::string& bytes, std::string_view key, std::string_view value) {
  const auto sum = checksum(key, value);
  bytes.append(reinterpret_cast<const char*>(&sum), checksum_size).append(value);
}

}  // namespace

void batch::put(std::string_view key, std::string_view value) {
  require_key(key);
  begin_write(bytes_, write_kind::put, key, checksum_size + value.size());
  append_value(bytes_, key, value);
  ++count_;
}

void batch::erase(std::string_view key) {
  require_key(key);
  begin_write(bytes_, write_kind::erase, key, 0);
  ++count_;
}

void batch::erase_range(std::string_view first, std::string_view last) {
  require_key(first);
  assert(first < last && last.size() <= limits::max_key_bytes);
  begin_write(bytes_, write_kind::erase_range, first, last.size());
  bytes_.append(last);
  ++count_;
}

std::string_view key_of_write(const char* whole) noexcept {
  return {whole + header_size, read_at<std::uint16_t>(whole + 1)};
}

write read_write(const char* whole) noexcept {
  write w;
  w.kind = static_cast<write_kind>(*whole);
  w.key = key_of_write(whole);
  const std::string_view rest(w.key.data() + w.key.size(), read_at<std::uint32_t>(whole + 3));
  (w.kind == write_kind::put ? w.stored : w.last) = rest;
  return w;
}

std::optional<write> write_reader::next() noexcept {
  if (rest_.empty() || torn_) return std::nullopt;
  torn_ = true;  // until the write is known to be complete
  if (rest_.size() < header_size) return std::nullopt;
  const auto key_size = read_at<std::uint16_t>(rest_.data() + 1);
  const auto rest_size = read_at<std::uint32_t>(rest_.data() + 3);
  const std::uint64_t whole = header_size + std::uint64_t{key_size} + rest_size;
  if (rest_.size() < whole || key_size == 0 || key_size > limits::max_key_bytes)
    return std::nullopt;
  write w;
  w.kind = static_cast<write_kind>(rest_.front());
  w.key = rest_.substr(header_size, key_size);
  const auto rest = rest_.substr(header_size + key_size, rest_size);
  switch (w.kind) {
    case write_kind::put:
      if (rest.size() < checksum_size) return std::nullopt;
      w.stored = rest;
      break;
    case write_kind::erase:
      if (!rest.empty()) return std::nullopt;
      break;
    case write_kind::erase_range:
      if (rest <= w.key || rest.size() > limits::max_key_bytes) return std::nullopt;
      w.last = rest;
      break;
    default:
      return std::nullopt;
  }
  rest_.remove_prefix(static_cast<std::size_t>(whole));
  torn_ = false;
  return w;
}

std::string stored_value(std::string_view key, std::string_view value) {
  std::string stored;
  stored.reserve(checksum_size + value.size());
  append_value(stored, key, value);
  return stored;
}

std::optional<std::string_view> verified_value(std::string_view key,
                                               std::string_view stored) noexcept {
  if (stored.size() < checksum_size) return std::nullopt;
  const auto value = stored.substr(checksum_size);
  const auto sum = checksum(key, value);
  if (std::memcmp(stored.data(), &sum, checksum_size) != 0) return std::nullopt;
  return value;
}

}  // namespace reprise::persistence
