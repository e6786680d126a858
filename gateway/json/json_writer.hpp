// Write one JSON object or array by appending to a string: they add the commas, and their destructors
// the closing bracket. A writer must be destroyed before anything else is appended to the string.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "actors/time.hpp"

namespace reprise::gateway {

class object_writer {
 public:
  explicit object_writer(std::string& out) : out_(out) { out_ += '{'; }
  ~object_writer() { out_ += '}'; }
  object_writer(const object_writer&) = delete;
  object_writer& operator=(const object_writer&) = delete;

  // Appends the name. The caller appends the value to the returned string.
  std::string& member(std::string_view name);
  void text(std::string_view name, std::string_view value);
  void number(std::string_view name, std::uint64_t value);
  void flag(std::string_view name, bool value);
  void time(std::string_view name, time_point value);

 private:
  std::string& out_;
};

class array_writer {
 public:
  explicit array_writer(std::string& out) : out_(out) { out_ += '['; }
  ~array_writer() { out_ += ']'; }
  array_writer(const array_writer&) = delete;
  array_writer& operator=(const array_writer&) = delete;

  // Starts an element. The caller appends its value to the returned string.
  std::string& element();
  void text(std::string_view value);

 private:
  std::string& out_;
};

}  // namespace reprise::gateway
