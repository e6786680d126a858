#include "gateway/json/json_writer.hpp"

#include "gateway/json/json_out.hpp"
#include "gateway/json/time_text.hpp"

namespace reprise::gateway {

std::string& object_writer::member(std::string_view name) {
  if (out_.back() != '{') out_ += ',';
  append_quoted(out_, name);
  out_ += ':';
  return out_;
}

void object_writer::text(std::string_view name, std::string_view value) {
  append_quoted(member(name), value);
}

void object_writer::number(std::string_view name, std::uint64_t value) {
  append_number(member(name), value);
}

void object_writer::flag(std::string_view name, bool value) {
  member(name) += value ? "true" : "false";
}

void object_writer::time(std::string_view name, time_point value) {
  auto& out = member(name);
  out += '"';
  append_time(out, value, precision::ticks);
  out += '"';
}

std::string& array_writer::element() {
  if (out_.back() != '[') out_ += ',';
  return out_;
}

void array_writer::text(std::string_view value) { append_quoted(element(), value); }

}  // namespace reprise::gateway
