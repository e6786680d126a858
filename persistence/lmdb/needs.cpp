#include "persistence/lmdb/needs.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "persistence/keys.hpp"
#include "persistence/lmdb/look.hpp"

namespace reprise::persistence::internal {

std::optional<std::string> unknown_needs(std::span<const need> needs,
                                         std::span<const std::string_view> known) {
  std::string all;
  for (const auto& each : needs) {
    if (std::find(known.begin(), known.end(), each.name) != known.end()) continue;
    (all += all.empty() ? "" : ", ") += each.name;
    if (!each.since.empty()) all += " (since " + each.since + ')';
  }
  if (all.empty()) return std::nullopt;
  return all;
}

result<void> require_known_needs(const std::string& folder, const view& at, tables::reader& in) {
  load_request what;
  what.first = keys::meta(need_prefix);
  what.last = keys::meta("needs0");  // the character after '/'
  const auto found = look_everywhere(what, at, in);
  if (found.error) return *found.error;
  std::vector<need> needs;
  const auto add = [&needs](std::string_view key, std::string since) {
    if (const auto name = keys::read_meta(key))
      needs.push_back({name->substr(need_prefix.size()), std::move(since)});
  };
  for (const auto& [key, since] : found.entries) add(key, since);
  for (const auto& key : found.corrupt) add(key, {});  // the name is in the key, so it counts
  const auto unknown = unknown_needs(needs, known_needs);
  if (!unknown) return {};
  return fault{errc::newer, folder + " holds what this program does not know: " + *unknown +
                                ". Use the newer version that wrote it, or restore a backup from "
                                "before"};
}

result<void> require_known_needs(const std::string& folder, const overlay& above, tables& on_disk) {
  const auto from = above.look();
  auto in = on_disk.look();
  if (!in) return std::move(in).error();
  return require_known_needs(folder, from, *in);
}

}  // namespace reprise::persistence::internal
