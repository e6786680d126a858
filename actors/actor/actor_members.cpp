#include "actors/actor/actor_members.hpp"

#include <atomic>
#include <limits>

#include "actors/failure.hpp"
#include "actors/limits.hpp"

namespace reprise::internal {
namespace {

thread_local construction* collecting = nullptr;

}  // namespace

construction::construction() : outer_(collecting) { collecting = this; }
construction::~construction() { collecting = outer_; }

state_member::state_member() {
  if (collecting) collecting->states.push_back(this);
}

table_member::table_member(std::string_view name, const payload_type& key,
                           const payload_type& value)
    : name_(name), key_(key), value_(value) {
  if (collecting) collecting->tables.push_back(this);
}

void table_member::begin(entry_source* entries, std::optional<need>* missing) {
  writes_.clear();
  entries_ = entries;
  missing_ = missing;
  in_turn_ = true;
  cleared_ = false;
}

void table_member::end() {
  writes_.clear();
  entries_ = nullptr;
  missing_ = nullptr;
  in_turn_ = false;
}

void table_member::clear() {
  writes_.clear();
  cleared_ = true;
}

void table_member::need_entry(const std::string& first, std::optional<std::string> last) const {
  if (!missing_->has_value()) *missing_ = need{name_, first, std::move(last)};
  throw entry_missing{};
}

void table_member::write(std::string key, std::optional<payload> to) {
  if (key.size() > max_key)
    throw failed({cause::limit, "an entry's key is longer than 256 bytes (max_key)", false});
  writes_.insert_or_assign(std::move(key), std::move(to));
}

void table_member::put(std::string key, payload to) { write(std::move(key), std::move(to)); }

void table_member::erase(std::string key) {
  if (in_turn_)
    write(std::move(key), std::nullopt);
  else
    writes_.erase(key);
}

std::optional<payload> table_member::find(const std::string& key) const {
  if (missing_ && missing_->has_value()) throw entry_missing{};
  if (auto own = writes_.find(key); own != writes_.end()) return own->second;
  if (!entries_ || cleared_) return std::nullopt;
  auto there = entries_->find(name_, key);
  if (!there) need_entry(key, std::nullopt);
  return *std::move(there);
}

std::vector<std::pair<std::string, payload>> table_member::scan(const std::string& first,
                                                                const std::string& last,
                                                                std::size_t limit) const {
  if (missing_ && missing_->has_value()) throw entry_missing{};
  std::vector<std::pair<std::string, payload>> found;
  auto own = writes_.lower_bound(first);
  auto own_end = last.empty() ? writes_.end() : writes_.lower_bound(last);
  auto take_own = [&] {
    if (own->second) found.emplace_back(own->first, *own->second);
    ++own;
  };
  std::string from = first;
  bool more = entries_ && !cleared_;
  while (more &&
         found.size() < limit) {  // stored entries by pages, overlaid with this turn's writes
    auto page = entries_->scan(name_, from, last, limit);
    if (!page) need_entry(from, last);
    more = page->size() >= limit;
    for (auto& [key, stored] : *page) {
      while (found.size() < limit && own != own_end && own->first < key) take_own();
      if (found.size() == limit) break;
      if (own != own_end && own->first == key)
        take_own();
      else
        found.emplace_back(key, std::move(stored));
    }
    if (more) from = page->back().first + '\0';
  }
  while (found.size() < limit && own != own_end) take_own();
  return found;
}

void table_member::collect(std::vector<entry_write>& into) const {
  for (const auto& [key, written] : writes_) into.push_back(entry_write{name_, key, written});
}

}  // namespace reprise::internal
