#include "tests/kill/deaths.hpp"

#include <poll.h>

#include <cstdio>
#include <iterator>

namespace reprise::kill {
namespace {

struct place {
  const char* name;
  unsigned most;  // passages before the last
  int patience;   // milliseconds; a fold is due five seconds after a write
};

constexpr place places[] = {
    {"before-append", 300, 2000}, {"in-recovery", 1, 2000},      {"before-flush", 300, 2000},
    {"in-fold", 1, 8000},         {"before-overlay", 300, 2000}, {"after-rewrite", 1, 2000},
    {"before-gate", 300, 2000},   {"log-erase", 1, 8000},        {"after-fold", 1, 8000}};

}  // namespace

void deaths::choose() {
  place_.clear();
  name_.clear();
  if (how_ == deaths_at::times || (how_ == deaths_at::mixed && chance_() % 2 == 0)) return;
  // In turn, so that a short run has been everywhere; at which passage is chance.
  const auto& at = places[next_++ % std::size(places)];
  name_ = at.name;
  place_ = name_ + ":" + std::to_string(1 + chance_() % at.most);
  patience_ = at.patience;
}

void deaths::end(server_process& server) {
  if (!place_.empty() && server.dies_within(std::chrono::milliseconds(patience_)))
    return count(name_);
  if (place_.empty()) ::poll(nullptr, 0, static_cast<int>(50 + chance_() % 1500));
  server.kill_now();
  count("some moment");
}

void deaths::print() const {
  std::printf("deaths:");
  for (const auto& [where, times] : counts_) std::printf(" %s %u,", where.c_str(), times);
  std::printf(" all told\n");
}

}  // namespace reprise::kill
