// A log and tables in memory that note what is done to them and fail when told. The disk below them
// survives the store, so a store can be opened again over it.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "persistence/layered/layered_store.hpp"

namespace reprise::persistence::testing {

struct fake_disk {
  std::mutex mutex;
  std::map<position, batch> log;  // flushed and not released
  position last = 0;              // flushed
  persistence::term term = 0;     // flushed
  std::map<std::string, std::string> records;
  position folded = 0;
  std::vector<std::string> done;     // "write 1", "flush", "fold 1", "free 1", in order
  std::vector<std::string> crossed;  // what was done against the order
};

// What goes wrong, or happens meanwhile, until it is taken back.
struct fake_faults {
  std::optional<errc> write, flush, fold, prepare;
  bool no_room = false;
  std::function<void()> in_flush{}, in_read{};  // called before they do anything
};

class fake_log final : public internal::group_log {
 public:
  fake_log(fake_disk& on, const fake_faults& faults) : disk_(on), faults_(faults) {}

  result<growth> write(persistence::term in, position first,
                       std::span<const batch> group) override {
    if (faults_.write)
      return not_written_ = fault{*faults_.write, "no room"}, injected(errc::not_written);
    const std::scoped_lock lock(disk_.mutex);
    disk_.done.push_back("write " + std::to_string(first));
    term_ = in;
    pending_.clear();
    std::uint64_t bytes = 0;
    for (const auto& b : group) pending_.emplace(first++, b), bytes += b.bytes().size();
    return growth{bytes, false};
  }
  result<void> flush() override {
    if (faults_.in_flush) faults_.in_flush();
    if (faults_.flush) return injected(*faults_.flush);
    const std::scoped_lock lock(disk_.mutex);
    disk_.done.push_back("flush");
    disk_.term = term_;
    for (auto& [at, b] : pending_) disk_.log.emplace(at, std::move(b)), disk_.last = at;
    pending_.clear();
    return {};
  }
  const fault& why_not_written() const noexcept override { return not_written_; }

  void release(position folded) override {
    const std::scoped_lock lock(disk_.mutex);
    disk_.done.push_back("free " + std::to_string(folded));
    if (folded > disk_.folded) disk_.crossed.push_back("freed what the tables lack");
    disk_.log.erase(disk_.log.begin(), disk_.log.upper_bound(folded));
  }
  result<void> prepare() override {
    if (faults_.prepare) return injected(*faults_.prepare);
    return {};
  }
  bool has_room(std::uint64_t) const override { return !faults_.no_room; }

 private:
  static fault injected(errc code) { return {code, "injected"}; }

  fake_disk& disk_;
  const fake_faults& faults_;
  fault not_written_;
  persistence::term term_ = 0;
  std::map<position, batch> pending_;
};

// Answers keys, no pages.
class fake_tables final : public internal::base_tables {
 public:
  fake_tables(fake_disk& on, const fake_faults& faults) : disk_(on), faults_(faults) {}

  result<void> fold(const internal::layer& from, persistence::term, position folded) override {
    if (faults_.fold) return fault{*faults_.fold, "injected"};
    const std::scoped_lock lock(disk_.mutex);
    disk_.done.push_back("fold " + std::to_string(folded));
    if (folded > disk_.last || from.last() > folded)
      disk_.crossed.push_back("folded what is not durable");
    for (const auto* n = from.first_from({}); n != nullptr; n = n->next()) {
      const auto found = internal::layer::newest(*n, folded);
      if (found.is == internal::finding::what::stored)
        disk_.records.insert_or_assign(std::string(n->key), std::string(found.stored));
      else
        disk_.records.erase(std::string(n->key));
    }
    disk_.folded = folded;
    return {};
  }
  std::optional<load_answer> read(const load_request& asked, const internal::view& above) override {
    if (faults_.in_read) faults_.in_read();
    const std::scoped_lock lock(disk_.mutex);
    if (disk_.folded > above.at) return std::nullopt;
    load_answer answer;
    answer.at = above.at;
    for (const auto& key : asked.keys) {
      auto& slot = answer.values.emplace_back();
      auto found = above.find(key);
      if (const auto at = disk_.records.find(key);
          found.is == internal::finding::what::nothing && at != disk_.records.end())
        found = {internal::finding::what::stored, at->second};
      if (found.is == internal::finding::what::stored)
        slot = internal::value_of(key, found.stored, answer);
    }
    return answer;
  }
  result<bool> count_keys(std::size_t) override { return false; }

 private:
  fake_disk& disk_;
  const fake_faults& faults_;
};

}  // namespace reprise::persistence::testing
