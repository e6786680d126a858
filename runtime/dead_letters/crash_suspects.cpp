#include "runtime/dead_letters/crash_suspects.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/commit/turn_services.hpp"

namespace reprise::runtime {
namespace {

void append(std::string& to, std::uint32_t n) {
  to.append(reinterpret_cast<const char*>(&n), sizeof n);
}
bool take(std::string_view& from, std::uint32_t& n) {
  if (from.size() < sizeof n) return false;
  std::memcpy(&n, from.data(), sizeof n);
  from.remove_prefix(sizeof n);
  return true;
}

}  // namespace

std::string suspect_list::encode() const {
  std::string out;
  append(out, trial);
  for (const auto& name : names) {
    append(out, static_cast<std::uint32_t>(name.size()));
    out += name;
  }
  return out;
}

std::optional<suspect_list> suspect_list::decode(std::string_view bytes) {
  suspect_list all;
  if (!take(bytes, all.trial)) return std::nullopt;
  for (std::uint32_t size = 0; !bytes.empty(); bytes.remove_prefix(size)) {
    if (!take(bytes, size) || size > bytes.size()) return std::nullopt;
    all.names.emplace_back(bytes.substr(0, size));
  }
  return all;
}

suspect_list suspect_list::narrowed(const std::vector<std::string>& running) const {
  suspect_list left{trial, {}};
  for (const auto& name : names)
    if (std::find(running.begin(), running.end(), name) != running.end())
      left.names.push_back(name);
  if (left.names.empty()) left = {0, running};
  if (left.names.size() < 2) return left;
  if (left.trial++ > 0) std::rotate(left.names.begin(), left.names.begin() + 1, left.names.end());
  return left;
}

void crash_suspects::put_on_trial(suspect_list all) {
  std::lock_guard lock(mutex_);
  trial_ = all.trial;
  waiting_.assign(all.names.begin(), all.names.end());
  any_ = !waiting_.empty();
}

void crash_suspects::begin() {
  std::lock_guard lock(mutex_);
  if (std::exchange(begun_, true) || waiting_.empty()) return;
  release();
}

bool crash_suspects::hold(const std::string& name, job go_on) {
  if (!any()) return false;
  std::lock_guard lock(mutex_);
  const auto at = std::find(waiting_.begin(), waiting_.end(), name);
  if (at == waiting_.end() || at == waiting_.begin()) return false;
  held_.emplace(name, std::move(go_on));
  return true;
}

void crash_suspects::passed(const std::string& name) {
  if (!any()) return;
  std::lock_guard lock(mutex_);
  const auto at = std::find(waiting_.begin(), waiting_.end(), name);
  if (at == waiting_.end()) return;
  const bool on_trial = at == waiting_.begin();
  waiting_.erase(at);
  if (on_trial) release();
}

void crash_suspects::next(std::string name) {
  std::lock_guard lock(mutex_);
  if (waiting_.empty() || waiting_.front() != name) return;
  waiting_.pop_front();
  release();
}

void crash_suspects::release() {
  if (waiting_.empty()) {
    any_ = false;
    // The record stays while one of them may still crash the process late.
    return services_.timers.run_at(services_.now() + limits::suspicion, [this] { acquit(); });
  }
  const auto& name = waiting_.front();
  const auto [first, last] = held_.equal_range(name);
  for (auto at = first; at != last; ++at) services_.exec.post(upkeep_pool, std::move(at->second));
  held_.erase(first, last);
  const auto alone = limits::trial * (1 << std::min(trial_, 10u));
  services_.timers.run_at(services_.now() + alone, [this, name] { next(name); });
}

void crash_suspects::acquit() {
  const address none;  // the transition borrows it
  transition t(services_, none, services_.now());
  if (!t.open(services_.log.epoch())) return;
  t.erase(persistence::keys::meta(suspect_list::record));
  t.commit();
}

}  // namespace reprise::runtime
