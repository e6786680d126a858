#include "gateway/json/time_text.hpp"

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <limits>

#include "gateway/json/text.hpp"

namespace reprise::gateway {

namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

// Parses from the front of a text. After the first mismatch sound() stays false.
class scanner {
 public:
  explicit scanner(std::string_view text) : rest_(text) {}

  bool sound() const { return sound_; }
  bool at_end() const { return rest_.empty(); }
  char next() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool take(char c) {
    if (next() != c || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void need(char c) {
    if (!take(c)) sound_ = false;
  }
  int number(std::size_t digits, int most) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!is_digit(next())) {
        sound_ = false;
        return 0;
      }
      value = value * 10 + (next() - '0');
      rest_.remove_prefix(1);
    }
    if (value > most) sound_ = false;
    return value;
  }
  // Returns nanoseconds, truncated to 100 ns, the finest precision that is shown: clients compare a
  // bound with the times they were shown.
  std::int64_t fraction() {
    if (!is_digit(next())) sound_ = false;
    std::int64_t ns = 0;
    for (std::int64_t unit = second_ns / 10; is_digit(next()); unit /= 10) {
      if (unit >= 100) ns += unit * (next() - '0');
      rest_.remove_prefix(1);
    }
    return ns;
  }

 private:
  std::string_view rest_;
  bool sound_ = true;
};

// Returns the offset from UTC in minutes, positive in the east.
int zone(scanner& in) {
  if (in.take('Z') || in.take('z')) return 0;
  const bool west = in.next() == '-';
  if (!west && in.next() != '+' && in.next() != ' ') return 0;
  in.take(in.next());
  const int hours = in.number(2, 14);
  in.take(':');
  const int minutes = hours * 60 + in.number(2, 59);
  return west ? -minutes : minutes;
}

time_point point(std::int64_t seconds, std::int64_t ns) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max() / second_ns;
  if (seconds >= most) return time_point::max();
  if (seconds <= -most) return time_point::min();
  return time_point(duration(seconds * second_ns + ns));
}

}  // namespace

void append_time(std::string& out, time_point t, precision p) {
  // std::chrono::floor would overflow in the first, incomplete second of time_point's range, because it
  // converts the second back to nanoseconds.
  const auto count = t.time_since_epoch().count();
  const auto ns = (count % second_ns + second_ns) % second_ns;
  const std::time_t whole = count / second_ns - (count % second_ns < 0 ? 1 : 0);
  std::tm parts{};
  gmtime_r(&whole, &parts);
  char text[40];
  out.append(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts));
  if (p == precision::ticks) {
    const auto ticks = static_cast<unsigned>(ns / 100);
    out.append(text, static_cast<std::size_t>(std::snprintf(text, sizeof text, ".%07u", ticks)));
  }
  out += 'Z';
}

time_point last_shown_as(time_point t, precision p) noexcept {
  const std::int64_t unit = p == precision::seconds ? second_ns : 100;
  const auto count = t.time_since_epoch().count();
  const auto left = unit - 1 - (count % unit + unit) % unit;
  return count > 0 && left > std::numeric_limits<std::int64_t>::max() - count ? time_point::max()
                                                                              : t + duration(left);
}

std::optional<time_point> read_kept_time(std::string_view text) {
  const auto t = read_time(text);
  if (t == time_point::max() || t == time_point::min()) return std::nullopt;
  return t;
}

std::optional<time_point> read_time(std::string_view text) {
  scanner in(text);
  const int year = in.number(4, 9999);
  in.need('-');
  const int month = in.number(2, 12);
  in.need('-');
  const int day = in.number(2, 31);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!in.sound() || !date.ok()) return std::nullopt;
  std::int64_t seconds =
      std::int64_t{std::chrono::sys_days(date).time_since_epoch().count()} * 86'400;
  std::int64_t ns = 0;
  if (!in.at_end()) {
    if (!in.take('T') && !in.take('t')) in.need(' ');
    seconds += in.number(2, 23) * 3'600;
    in.need(':');
    seconds += in.number(2, 59) * 60;
    if (in.take(':')) {
      seconds += in.number(2, 59);
      if (in.take('.')) ns = in.fraction();
    }
    seconds -= zone(in) * 60;
  }
  if (!in.sound() || !in.at_end()) return std::nullopt;
  return point(seconds, ns);
}

}  // namespace reprise::gateway
