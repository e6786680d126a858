#include "persistence/kill_point.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

namespace reprise::persistence {

namespace {

constexpr std::array<std::string_view, 10> names{
    "none",    "before-append", "before-flush", "before-overlay", "before-gate",
    "in-fold", "after-fold",    "log-erase",    "in-recovery",    "after-rewrite"};

std::atomic<unsigned> passages_left{0};

}  // namespace

void internal::passed_armed_point() noexcept {
  if (passages_left.fetch_sub(1) != 1) return;
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();  // nothing after this point may happen
}

bool arm_kill_point(std::string_view text) noexcept {
  const auto colon = text.find(':');
  const auto found = std::find(names.begin() + 1, names.end(), text.substr(0, colon));
  if (found == names.end()) return false;
  unsigned count = 1;
  if (colon != text.npos) {
    const auto digits = text.substr(colon + 1);
    const auto* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, count);
    if (read.ec != std::errc() || read.ptr != end || count == 0) return false;
  }
  passages_left = count;
  internal::armed_point = static_cast<kill_point>(found - names.begin());
  return true;
}

}  // namespace reprise::persistence
