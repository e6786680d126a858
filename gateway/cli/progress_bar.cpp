#include "gateway/cli/progress_bar.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <utility>

#include "gateway/cli/console.hpp"

namespace reprise::gateway {

namespace {
using namespace std::chrono_literals;
constexpr std::uint64_t cells = 30;
constexpr std::string_view back_and_clear = "\r\x1b[K";
}  // namespace

progress_bar::progress_bar(std::string what)
    : what_(std::move(what)), watched_(is_terminal(STDERR_FILENO)) {}

progress_bar::~progress_bar() { hide(); }

void progress_bar::hide() {
  if (std::exchange(drawn_, false)) std::cerr << back_and_clear << std::flush;
}

void progress_bar::show(std::uint64_t done, std::uint64_t all) {
  const auto now = std::chrono::steady_clock::now();
  if (!watched_ || now < next_) return;
  next_ = now + 100ms;
  drawn_ = true;
  std::cerr << back_and_clear << what_ << ' ';
  if (all != 0) {
    const auto full = std::min(done, all) * cells / all;
    std::cerr << '[' << std::string(full, '#') << std::string(cells - full, ' ') << "] ";
  }
  std::cerr << done << std::flush;
}

}  // namespace reprise::gateway
