#include <algorithm>
#include <map>
#include <set>

#include "tests/tidy/rules.hpp"

namespace reprise::tidy {
namespace {

// Who may include whom: DESIGN.md section 3. `tests` sees everything.
const std::map<std::string_view, std::set<std::string_view>> below = {
    {"persistence", {}},
    {"accel", {}},
    {"actors", {"accel"}},
    {"runtime", {"actors", "persistence", "accel"}},
    {"http", {"actors"}},
    {"gateway", {"runtime", "actors", "persistence"}},
    {"examples", {"gateway", "http", "runtime", "actors"}},
};

// The runtime performs what the pure machines of actors/internal decide; nobody else looks in
// there.
bool may_see_internal(std::string_view from, std::string_view to) {
  return from == to || (from == "runtime" && to == "actors");
}

struct third_party {
  std::string_view prefix;  // of what stands between the brackets
  std::string_view home;    // path prefix of the files that may include it
  std::string_view second_home{};

  bool may_be_in(std::string_view path) const {
    return path.starts_with(home) || (!second_home.empty() && path.starts_with(second_home));
  }
};

constexpr third_party guarded[] = {
    {"caf/", "runtime/internal/"},
    {"lmdb.h", "persistence/"},
    {"boost/beast", "gateway/"},
    {"boost/asio", "gateway/"},
    {"curl/", "http/", "gateway/"},
    {"openssl/", "gateway/", "runtime/internal/keyed_hash"},
    {"prometheus/", "gateway/"},
    {"simdjson", "gateway/"},
    {"cuda", "accel/"},
    {"fmt/", "nowhere: std::format or to_string"},
    {"CLI/", "gateway/"},
    {"toml++/", "gateway/"},
    {"zlib.h", "gateway/"},
};

const third_party* guard_of(std::string_view header) {
  for (const auto& each : guarded)
    if (header.substr(1).starts_with(each.prefix)) return &each;
  return nullptr;
}

// Adds to `reached` every third-party header that `path` includes, through headers of ours too.
void reach(const std::string& path, const std::map<std::string, const source*>& by_path,
           std::set<std::string>& seen, std::set<std::string>& reached) {
  const auto at = by_path.find(path);
  if (at == by_path.end() || !seen.insert(path).second) return;
  for (const auto& line : at->second->lines) {
    const auto header = include_of(line);
    if (header.empty()) continue;
    if (guard_of(header)) reached.insert(header);
    reach(header.substr(1, header.size() - 2), by_path, seen, reached);
  }
}

}  // namespace

findings wrong_includes(const std::vector<source>& sources) {
  findings found;
  for (const auto& each : sources) {
    const auto rule = below.find(each.folder());
    if (rule == below.end()) continue;
    for (const auto& line : each.lines) {
      const auto header = include_of(line);
      if (!header.starts_with('"')) continue;
      const source target = parse(header.substr(1, header.size() - 2), "");
      const auto to = target.folder();
      const bool ours = below.contains(to) || to == "tests";
      if (!ours)
        found.push_back(each.path + ": write " + header + " from the root of the tree");
      else if (to != each.folder() && !rule->second.contains(to))
        found.push_back(each.path + ": may not include " + header);
      else if (target.is_internal() && !may_see_internal(each.folder(), to))
        found.push_back(each.path + ": " + header + " is internal to " + std::string(to));
    }
  }
  return found;
}

findings third_party_leaks(const std::vector<source>& sources) {
  findings found;
  std::map<std::string, const source*> by_path;
  for (const auto& each : sources) by_path[each.path] = &each;
  for (const auto& each : sources) {
    if (each.folder() == "tests") continue;
    for (const auto& line : each.lines) {
      const auto header = include_of(line);
      const auto* guard = header.empty() ? nullptr : guard_of(header);
      if (guard && !guard->may_be_in(each.path))
        found.push_back(each.path + ": " + header + " belongs to " + std::string(guard->home));
    }
    if (!each.is_header() || each.is_internal()) continue;
    std::set<std::string> seen, reached;
    reach(each.path, by_path, seen, reached);
    for (const auto& header : reached)
      found.push_back(each.path + " is public and " + header + " can be reached from it");
  }
  return found;
}

}  // namespace reprise::tidy
