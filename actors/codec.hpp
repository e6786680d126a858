// Converts values to the bytes of a payload and back: `encode`, `decode`, `type_of<T>`.
//
// The encodings are listed in actors/payload_type.hpp. They are stored, so they never change.
// Decoding checks everything it reads; bytes that do not fit give cause::invalid, never an exception.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "actors/failure.hpp"
#include "actors/payload_type.hpp"
#include "actors/value.hpp"

namespace reprise {

namespace internal {
template <class T>
concept integer = std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char> &&
                  !std::is_same_v<T, wchar_t> && !std::is_same_v<T, char8_t> &&
                  !std::is_same_v<T, char16_t> && !std::is_same_v<T, char32_t>;

template <class T>
struct list_of {
  static constexpr bool is = false;
};
template <class T>
struct list_of<std::vector<T>> {
  static constexpr bool is = true;
  using element = T;
};

template <class T>
constexpr bool is_plain() {
  if constexpr (list_of<T>::is)
    return is_plain<typename list_of<T>::element>();
  else
    return std::is_same_v<T, none> || std::is_same_v<T, json> || std::is_same_v<T, bool> ||
           std::is_same_v<T, double> || std::is_same_v<T, std::string> || integer<T>;
}

void append_u64(std::string&, std::uint64_t);
void append_u32(std::string&, std::uint32_t);
bool read_u64(std::string_view&,
              std::uint64_t&);  // takes it off the front; false: too short
bool read_u32(std::string_view&, std::uint32_t&);
bool read_bytes(std::string_view&, std::size_t, std::string_view&);
std::uint64_t bits_of(double);
double double_of(std::uint64_t);

payload_type structure_type(capnp::StructSchema);
payload_type integer_type(bool is_signed, unsigned bits);
payload_type list_type(const payload_type& element);
failure does_not_fit(const payload_type&);
const payload_type& none_type();
const payload_type& json_type();
const payload_type& boolean_type();
const payload_type& number_type();
const payload_type& text_type();
}  // namespace internal

// The types with a plain C++ value: bool, integers, double, std::string, json, none, and
// std::vector of these.
template <class T>
concept plain = internal::is_plain<T>();

// What may be an input, an answer, an event or a state.
template <class T>
concept payload_value = structure<T> || plain<T>;

namespace internal {
template <class T>
inline constexpr bool never = false;  // for a static_assert that fails whenever it is instantiated

// Checks a template argument with a message of ours; a constraint would give the compiler's message.
template <class T>
constexpr auto require_payload() {
  static_assert(
      payload_value<T>,
      "reprise: this is no payload: a payload is a Cap'n Proto struct (write a schema), bool, "
      "an integer, double, std::string, reprise::json, reprise::none, or a std::vector of these "
      "plain ones; a list of structs is a List(...) in a struct; a C++ struct, float, a pair or a "
      "map "
      "has no form that can be kept for ever");
  return true;
}

// Catches a braced list where a value is expected.
struct braces {
  template <class... Written>
  constexpr braces(Written&&...) {}
};
template <class T>
constexpr auto refuse_braces() {
  static_assert(
      never<T>,
      "reprise: name what stands in braces on the line before: std::vector<std::string> "
      "names{\"a\", \"b\"}; co_await greet(names); for a Cap'n Proto struct write a lambda "
      "[&](auto in) { in.setX(...); }");
}
}  // namespace internal

// Returns the description of T: one constant for each type, valid forever.
template <payload_value T>
const payload_type& type_of() {
  if constexpr (structure<T>) {
    static const payload_type type = internal::structure_type(capnp::Schema::from<T>());
    return type;
  } else if constexpr (internal::list_of<T>::is) {
    static const payload_type type =
        internal::list_type(type_of<typename internal::list_of<T>::element>());
    return type;
  } else if constexpr (internal::integer<T>) {
    static const payload_type type = internal::integer_type(std::is_signed_v<T>, 8 * sizeof(T));
    return type;
  } else if constexpr (std::is_same_v<T, none>) {
    return internal::none_type();
  } else if constexpr (std::is_same_v<T, json>) {
    return internal::json_type();
  } else if constexpr (std::is_same_v<T, bool>) {
    return internal::boolean_type();
  } else if constexpr (std::is_same_v<T, double>) {
    return internal::number_type();
  } else {
    return internal::text_type();
  }
}

namespace internal {
template <plain T>
void append(std::string& out, const T& from) {
  if constexpr (std::is_same_v<T, bool>) {
    out.push_back(from ? '\1' : '\0');
  } else if constexpr (integer<T>) {
    append_u64(out, static_cast<std::uint64_t>(static_cast<std::int64_t>(from)));
  } else if constexpr (std::is_same_v<T, double>) {
    append_u64(out, bits_of(from));
  } else if constexpr (std::is_same_v<T, std::string>) {
    out += from;
  } else if constexpr (std::is_same_v<T, json>) {
    out += from.text;
  } else if constexpr (list_of<T>::is) {
    append_u32(out, static_cast<std::uint32_t>(from.size()));
    for (const typename list_of<T>::element& one : from) {  // a copy of vector<bool>'s proxies
      std::string bytes;
      append(bytes, one);
      append_u32(out, static_cast<std::uint32_t>(bytes.size()));
      out += bytes;
    }
  }
}

// Reads all of `in` as one T. Returns false if it is not one.
template <plain T>
bool read(std::string_view in, T& to) {
  if constexpr (std::is_same_v<T, none>) {
    return in.empty();
  } else if constexpr (std::is_same_v<T, bool>) {
    if (in.size() != 1 || static_cast<unsigned char>(in[0]) > 1) return false;
    to = in[0] == '\1';
    return true;
  } else if constexpr (integer<T>) {
    std::uint64_t raw = 0;
    if (!read_u64(in, raw) || !in.empty()) return false;
    to = static_cast<T>(raw);
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(to)) == raw;
  } else if constexpr (std::is_same_v<T, double>) {
    std::uint64_t raw = 0;
    if (!read_u64(in, raw) || !in.empty()) return false;
    to = double_of(raw);
    return true;
  } else if constexpr (std::is_same_v<T, std::string>) {
    to = std::string(in);
    return true;
  } else if constexpr (std::is_same_v<T, json>) {
    to.text = std::string(in);
    return !in.empty();
  } else {
    std::uint32_t count = 0;
    if (!read_u32(in, count) || count > in.size() / 4) return false;
    to.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      std::uint32_t size = 0;
      std::string_view bytes;
      typename list_of<T>::element one{};
      if (!read_u32(in, size) || !read_bytes(in, size, bytes) || !read(bytes, one)) return false;
      to.push_back(std::move(one));
    }
    return in.empty();
  }
}

bool is_message(const payload&) noexcept;
}  // namespace internal

// Encodes and decodes values of T. Pure, and safe from any thread.
template <payload_value T>
struct codec {
  // Returns the bytes to store or send.
  static payload encode(const value<T>& from) {
    if constexpr (structure<T>) {
      return from.bytes();
    } else {
      std::string bytes;
      internal::append<T>(bytes, *from);
      return payload(bytes);
    }
  }

  // A value of a struct keeps the bytes; move them in if they are not needed afterwards.
  static result<value<T>> decode(payload bytes) requires structure<T> {
    if (!internal::is_message(bytes)) return internal::does_not_fit(type_of<T>());
    return value<T>(std::move(bytes));
  }
  static result<value<T>> decode(const payload& bytes) requires plain<T> {
    T to{};
    if (!internal::read(bytes.bytes(), to)) return internal::does_not_fit(type_of<T>());
    return value<T>(std::move(to));
  }
};

}  // namespace reprise
