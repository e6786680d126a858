// `table<Key, T>`: an ordered durable map with one record for each entry. Entries are loaded on
// demand and written one by one, so the table may grow large.
//
//   reprise::table<std::string, Line> lines{"lines"};
//   lines.put("tea", [&](auto line) { line.setQuantity(2); });
//   if (auto line = lines.find("tea")) (*line)->getQuantity();
//   for (auto& [sku, line] : lines.scan()) ...
//
// The quoted name is durable. Reading an entry that is not in memory aborts the operation; the
// entry is loaded and the operation runs again from its start, so it must have no other effects. In
// a unit test without an engine, the table is a local map.

#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "actors/actor/actor_members.hpp"
#include "actors/codec.hpp"
#include "actors/contract.hpp"

namespace reprise {

namespace internal {
// Encodes keys as bytes that sort like the values: integers big endian with the sign bit flipped,
// text unchanged.
template <class Key>
struct table_key {
  static_assert(std::is_same_v<Key, std::string> || integer<Key>,
                "reprise: the key of a table is an integer or a std::string");
  // Text keys also accept a Cap'n Proto text, without cutting it at U+0000.
  using given =
      std::conditional_t<std::is_same_v<Key, std::string>, internal::whole_text, const Key&>;
  static std::string bytes(given key) {
    if constexpr (std::is_same_v<Key, std::string>) {
      return key;
    } else {
      auto raw = static_cast<std::make_unsigned_t<Key>>(key);
      if constexpr (std::is_signed_v<Key>)
        raw ^= std::make_unsigned_t<Key>(1) << (8 * sizeof(Key) - 1);
      std::string out(sizeof(Key), '\0');
      for (std::size_t i = 0; i < sizeof(Key); ++i)
        out[i] = static_cast<char>(raw >> (8 * (sizeof(Key) - 1 - i)));
      return out;
    }
  }
  static Key key(const std::string& bytes) {
    if constexpr (std::is_same_v<Key, std::string>) {
      return bytes;
    } else {
      std::make_unsigned_t<Key> raw = 0;
      for (unsigned char c : bytes)
        raw = static_cast<std::make_unsigned_t<Key>>((std::uint64_t{raw} << 8) | c);
      if constexpr (std::is_signed_v<Key>)
        raw ^= std::make_unsigned_t<Key>(1) << (8 * sizeof(Key) - 1);
      return static_cast<Key>(raw);
    }
  }
};
}  // namespace internal

// One table of an actor. `Key` is an integer or std::string of at most 123 bytes, `T` a payload
// type. A member of the actor's struct; not copyable. Outside of an operation it must not be used,
// except in tests.
template <class Key, class T>
class table {
  static_assert(internal::require_payload<T>());

 public:
  using entry = std::pair<Key, value<T>>;
  using given_key = typename internal::table_key<Key>::given;

  table(internal::durable_name name) : member_(name.view(), type_of<Key>(), type_of<T>()) {}
  template <class Never = void>
  table() : member_("", type_of<Key>(), type_of<T>()) {
    static_assert(!std::is_void_v<Never>,
                  "reprise: a table has a durable name: table<Key, T> lines{\"lines\"}");
  }

  // Returns the entry, or nothing if there is none. Sees this turn's writes.
  std::optional<value<T>> find(given_key key) const {
    auto bytes = member_.find(internal::table_key<Key>::bytes(key));
    if (!bytes) return std::nullopt;
    return decoded(*bytes);
  }

  // Writes an entry: put(key, value), or for a struct put(key, [&](auto entry) { entry.setX(...); }).
  template <class Entry>
  void put(given_key key, Entry&& to) {
    member_.put(internal::table_key<Key>::bytes(key),
                internal::input_of<T>(std::forward<Entry>(to)));
  }

  // Erases an entry; does nothing if there is none.
  void erase(given_key key) { member_.erase(internal::table_key<Key>::bytes(key)); }

  template <class Entry>
  void put(given_key, Entry&&) const {
    internal::refuse_edit<std::conditional_t<true, void, Entry>>();
  }
  template <class Never = void>
  void erase(given_key) const {
    internal::refuse_edit<Never>();
  }

  // Returns entries in key order: all of them, those from `first` on, or those in [first, last); at
  // most `limit`.
  std::vector<entry> scan(std::size_t limit = everything) const { return page("", "", limit); }
  std::vector<entry> scan_from(given_key first, std::size_t limit = everything) const {
    return page(internal::table_key<Key>::bytes(first), "", limit);
  }
  std::vector<entry> scan(given_key first, given_key last, std::size_t limit = everything) const {
    const auto from = internal::table_key<Key>::bytes(first);
    const auto to = internal::table_key<Key>::bytes(last);
    return from < to ? page(from, to, limit) : std::vector<entry>();
  }

  static constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();

 private:
  static value<T> decoded(const payload& bytes) {
    auto read = codec<T>::decode(bytes);
    if (!read) throw failed({cause::corrupt, "a table entry: " + read.error().text, false});
    return *std::move(read);
  }
  std::vector<entry> page(const std::string& first, const std::string& last,
                          std::size_t limit) const {
    std::vector<entry> entries;
    for (auto& [key, bytes] : member_.scan(first, last, limit))
      entries.emplace_back(internal::table_key<Key>::key(key), decoded(bytes));
    return entries;
  }

  internal::table_member member_;
};

}  // namespace reprise
