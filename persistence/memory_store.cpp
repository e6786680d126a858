#include "persistence/memory_store.hpp"

#include <cassert>
#include <utility>

namespace reprise::persistence {

namespace {

void apply(std::map<std::string, std::string>& records, const write& w) {
  switch (w.kind) {
    case write_kind::put:
      records.insert_or_assign(std::string(w.key), std::string(w.stored));
      break;
    case write_kind::erase:
      records.erase(std::string(w.key));
      break;
    case write_kind::erase_range:
      records.erase(records.lower_bound(std::string(w.key)),
                    records.lower_bound(std::string(w.last)));
      break;
  }
}

}  // namespace

memory_store::memory_store(std::shared_ptr<memory_disk> disk) : disk_(std::move(disk)) {
  const std::scoped_lock lock(disk_->mutex);
  ++disk_->term;
}

persistence::term memory_store::term() const {
  const std::scoped_lock lock(disk_->mutex);
  return disk_->term;
}

position memory_store::durable() const {
  const std::scoped_lock lock(disk_->mutex);
  return disk_->durable;
}

result<void> memory_store::commit(position first, std::span<const batch> group) {
  const std::scoped_lock lock(disk_->mutex);
  assert(first == disk_->durable + 1);
  static_cast<void>(first);
  for (const auto& b : group) {
    write_reader in(b.bytes());
    while (const auto w = in.next()) apply(disk_->records, *w);
    assert(!in.torn());
  }
  disk_->durable += group.size();
  return {};
}

result<persistence::term> memory_store::begin_term() {
  const std::scoped_lock lock(disk_->mutex);
  return ++disk_->term;
}

void memory_store::load(load_request what, std::function<void(load_answer)> done) {
  done(read(what));
}

load_answer memory_store::read(const load_request& what) {
  const std::scoped_lock lock(disk_->mutex);
  load_answer answer;
  answer.at = disk_->durable;
  const auto value_of = [&](const std::string& key, const std::string& stored) {
    const auto value = verified_value(key, stored);
    if (!value) answer.corrupt.push_back(key);
    return value;
  };
  for (const auto& key : what.keys) {
    auto& slot = answer.values.emplace_back();
    const auto at = disk_->records.find(key);
    if (at == disk_->records.end()) continue;
    if (const auto value = value_of(key, at->second)) slot = *value;
  }
  if (what.first.empty() && what.last.empty()) return answer;
  std::size_t bytes = 0;
  for (auto at = disk_->records.lower_bound(what.first);
       at != disk_->records.end() && at->first < what.last; ++at) {
    const auto size = at->first.size() + at->second.size();
    if (!answer.entries.empty() &&
        (answer.entries.size() >= what.max_entries || bytes + size > what.max_bytes)) {
      answer.more = true;
      break;
    }
    const auto value = value_of(at->first, at->second);
    if (!value) continue;
    bytes += size;
    answer.entries.emplace_back(at->first, *value);
  }
  return answer;
}

}  // namespace reprise::persistence
