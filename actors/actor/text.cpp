#include "actors/actor/text.hpp"

#include <kj/exception.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>

namespace reprise::internal {

std::string hex(std::uint64_t n) {
  char text[17];
  std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(n));
  return text;
}

std::string time_text(time_point at) {
  auto day = std::chrono::floor<std::chrono::days>(at);
  std::chrono::year_month_day date(day);
  std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(at - day));
  char text[64];
  std::snprintf(text, sizeof(text), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

time_point later(time_point from, duration span) {
  if (span <= duration::zero()) return from;
  if (span > time_point::max() - std::max(from, time_point{})) return time_point::max();
  return from + span;
}

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::string shortened(std::string text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  text.resize(bytes);
  return text + "...";
}

failure failure_of_current_exception() {
  try {
    throw;
  } catch (const failed& e) {
    return e.why();
  } catch (const kj::Exception& e) {  // its what() holds a stack trace, which users must not see
    return {cause::failed, e.getDescription().cStr(), true};
  } catch (const std::exception& e) {
    return {cause::failed, e.what(), true};
  } catch (...) {
    return {cause::failed, "an exception that is no std::exception", true};
  }
}

}  // namespace reprise::internal
