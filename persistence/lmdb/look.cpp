#include "persistence/lmdb/look.hpp"

#include <algorithm>
#include <utility>

namespace reprise::persistence::internal {

namespace {

constexpr std::string_view first_key = "\x01";

using what = finding::what;

void read_page(const load_request& asked, const view& from, tables::reader& in,
               load_answer& answer) {
  merged_range merged(from, in, asked.first, asked.last);
  std::size_t bytes = 0;
  while (const auto record = merged.next()) {
    const auto size = record->first.size() + record->second.size();
    if (!answer.entries.empty() &&
        (answer.entries.size() >= asked.max_entries || bytes + size > asked.max_bytes)) {
      answer.more = true;
      break;
    }
    if (auto value = value_of(record->first, record->second, answer)) {
      answer.entries.emplace_back(record->first, std::move(*value));
      bytes += size;
    }
  }
  if (merged.error()) answer.error = merged.error();
}

}  // namespace

merged_range::merged_range(const view& from, tables::reader& in, std::string_view first,
                           std::string_view last)
    : view_(from), tables_(in), last_(last) {
  first = std::max(first, first_key);  // skips the tables' own record
  for (const auto& l : view_.layers) nodes_.push_back(l->first_from(first));
  take(tables_.seek(first));
}

std::optional<merged_range::record> merged_range::next() {
  while (!error_) {
    const auto key = smallest();
    if (!key || !(*key < last_)) break;
    const auto stored = decide(*key);
    pass(*key);
    if (stored) return record{*key, *stored};
  }
  return std::nullopt;
}

void merged_range::take(result<std::optional<record>> got) {
  if (got)
    record_ = *got;
  else
    error_ = std::move(got).error();
}

std::optional<std::string_view> merged_range::smallest() const {
  std::optional<std::string_view> least;
  if (record_) least = record_->first;
  for (const auto* n : nodes_)
    if (n != nullptr && (!least || n->key < *least)) least = n->key;
  return least;
}

// Returns the stored value at `key`, which is the smallest of all; nothing if it is erased or too new.
std::optional<std::string_view> merged_range::decide(std::string_view key) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i] != nullptr && nodes_[i]->key == key) {
      const auto found = layer::newest(*nodes_[i], view_.at);
      if (found.is == what::stored) return found.stored;
      if (found.is == what::erased) return std::nullopt;
    }
    if (const auto last = view_.layers[i]->covered_until(key, view_.at)) {
      skip_below(i, *last);
      return std::nullopt;
    }
  }
  if (record_ && record_->first == key) return record_->second;
  return std::nullopt;
}

// Layer `i` hides everything older up to `last`, so a large erased range is skipped, not walked.
void merged_range::skip_below(std::size_t i, std::string_view last) {
  for (auto j = i + 1; j < nodes_.size(); ++j)
    if (nodes_[j] != nullptr && nodes_[j]->key < last)
      nodes_[j] = view_.layers[j]->first_from(last);
  if (record_ && record_->first < last) take(tables_.seek(last));
}

void merged_range::pass(std::string_view key) {
  for (auto& n : nodes_)
    if (n != nullptr && n->key == key) n = n->next();
  if (record_ && record_->first == key) take(tables_.next());
}

load_answer look_everywhere(const load_request& asked, const view& from, tables::reader& in) {
  load_answer answer;
  answer.at = from.at;
  for (const auto& key : asked.keys) {
    auto& slot = answer.values.emplace_back();
    auto found = from.find(key);
    if (found.is == what::nothing) {
      const auto got = in.get(key);
      if (!got) {
        answer.error = got.error();
        return answer;
      }
      if (*got) found = {what::stored, **got};
    }
    if (found.is == what::stored) slot = value_of(key, found.stored, answer);
  }
  if (!asked.first.empty() || !asked.last.empty()) read_page(asked, from, in, answer);
  return answer;
}

std::optional<load_answer> tables::read(const load_request& asked, const view& above) {
  auto in = look();
  if (!in) {
    load_answer unread;
    unread.error = std::move(in).error();
    return unread;
  }
  // A fold that committed after the view was taken may have added writes that it must not show.
  if (in->folded() > above.at) return std::nullopt;
  return look_everywhere(asked, above, *in);
}

}  // namespace reprise::persistence::internal
