#include "persistence/memtable/view.hpp"

#include "persistence/batch.hpp"

namespace reprise::persistence::internal {

finding view::find(std::string_view key) const noexcept {
  for (const auto& l : layers)
    if (const auto found = l->find(key, at); found.is != finding::what::nothing) return found;
  return {};
}

std::optional<load_answer> look_in_layers(const load_request& asked, const view& from) {
  if (!asked.first.empty() || !asked.last.empty()) return std::nullopt;
  load_answer answer;
  answer.at = from.at;
  for (const auto& key : asked.keys) {
    const auto found = from.find(key);
    if (found.is == finding::what::nothing) return std::nullopt;
    auto& slot = answer.values.emplace_back();
    if (found.is == finding::what::stored) slot = value_of(key, found.stored, answer);
  }
  return answer;
}

std::optional<std::string> value_of(std::string_view key, std::string_view stored,
                                    load_answer& answer) {
  if (const auto value = verified_value(key, stored)) return std::string(*value);
  answer.corrupt.emplace_back(key);
  return std::nullopt;
}

}  // namespace reprise::persistence::internal
