#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "tests/tidy/rules.hpp"

namespace reprise::tidy {
namespace {

// Who may include whom: docs/architecture.md. `tests` sees everything.
const std::map<std::string_view, std::set<std::string_view>> below = {
    {"persistence", {}},
    {"accel", {}},
    {"actors", {"accel"}},
    {"runtime", {"actors", "persistence", "accel"}},
    {"gateway/calls", {"actors"}},
    {"gateway", {"runtime", "actors", "persistence"}},
    {"examples", {"gateway", "gateway/calls", "runtime", "actors"}},
};

// The runtime performs what the pure machines of actors decide; nobody else looks into another folder's
// rooms.
bool may_see_rooms(std::string_view from, std::string_view to) {
  return from == to || (from == "runtime" && to == "actors");
}

// Each folder's rooms from the top to the bottom. A room includes what is further down, and its folder's
// interface; those between the same bars do not see each other.
const std::map<std::string_view, std::string_view> order_of_rooms = {
    {"persistence", "testing tools | lmdb | layered | memtable | log | folder"},
    {"actors", "orchestration | actor"},
    {"runtime",
     "testing | node | service | query | actor instance | host | dead_letters | commit | crash | "
     "message | "
     "reading | exec"},
    {"gateway/calls", "sending"},
    {"gateway",
     "program | serve | cli | router | v1 durable_functions | api | server access observe | wire | "
     "json"}};

// How high a room stands; 0: it is not in the order.
std::size_t height(std::string_view folder, std::string_view room) {
  const auto order = order_of_rooms.find(folder);
  if (order == order_of_rooms.end()) return 0;
  std::istringstream words{std::string(order->second)};
  std::size_t bars_before = 0, bars = 0;
  bool found = false;
  for (std::string word; words >> word;) {
    if (word == "|") ++bars;
    if (word == room) bars_before = bars, found = true;
  }
  return found ? bars - bars_before + 1 : 0;
}

struct third_party {
  std::string_view prefix;                // of what stands between the brackets
  std::vector<std::string_view> homes{};  // path prefixes of the files that may include it

  bool may_be_in(std::string_view path) const {
    return std::any_of(homes.begin(), homes.end(),
                       [&](std::string_view home) { return path.starts_with(home); });
  }
};

const third_party guarded[] = {
    {"caf/", {"runtime/exec/"}},
    {"lmdb.h", {"persistence/lmdb/"}},
    {"boost/beast", {"gateway/server/"}},
    {"boost/asio", {"gateway/server/"}},
    {"curl/",
     {"gateway/calls/sending/", "gateway/cli/http_client", "gateway/observe/otlp_exporter"}},
    {"openssl/", {"gateway/server/", "gateway/access/", "runtime/message/keyed_hash"}},
    {"prometheus/", {"gateway/v1/metrics"}},
    {"simdjson", {"gateway/json/", "gateway/access/jwt"}},
    {"cuda", {"accel/"}},
    {"fmt/", {"nowhere: std::format or to_string"}},
    {"CLI/", {"gateway/cli/", "gateway/serve/serve_options", "gateway/main.cpp"}},
    {"toml++/", {"gateway/cli/configuration"}},
    {"zlib.h", {"gateway/server/"}},
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
      const bool as_users_do = each.folder() == "examples";
      if (header.starts_with("<reprise/") && header.ends_with(".hpp>") && !as_users_do)
        found.push_back(each.path + ": " + header + " is for users; write it from the root");
      if (!header.starts_with('"')) continue;
      const source target = parse(header.substr(1, header.size() - 2), "");
      const auto to = target.folder();
      const bool ours = below.contains(to) || to == "tests";
      if (!ours)
        found.push_back(each.path + ": write " + header + " from the root of the tree");
      else if (to != each.folder() && as_users_do)
        found.push_back(each.path + ": write <reprise/...>, as users do, for " + header);
      else if (to != each.folder() && !rule->second.contains(to))
        found.push_back(each.path + ": may not include " + header);
      else if (!target.room().empty() && !may_see_rooms(each.folder(), to))
        found.push_back(each.path + ": " + header + " is in a room of " + std::string(to));
    }
  }
  return found;
}

findings wrong_rooms(const std::vector<source>& sources) {
  findings found;
  for (const auto& each : sources) {
    if (each.room().empty() || !order_of_rooms.contains(each.folder())) continue;
    const auto here = height(each.folder(), each.room());
    if (here == 0) found.push_back(each.path + ": the order of rooms does not name this one");
    for (const auto& line : each.lines) {
      const auto header = include_of(line);
      if (!header.starts_with('"')) continue;
      const source target = parse(header.substr(1, header.size() - 2), "");
      if (target.folder() != each.folder() || target.room().empty() ||
          target.room() == each.room() || height(target.folder(), target.room()) < here)
        continue;
      found.push_back(each.path + ": " + header + " is in a room that is not below");
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
        found.push_back(each.path + ": " + header + " belongs to " +
                        std::string(guard->homes.front()));
    }
    if (!each.is_header() || !each.room().empty()) continue;
    std::set<std::string> seen, reached;
    reach(each.path, by_path, seen, reached);
    for (const auto& header : reached)
      found.push_back(each.path + " is public and " + header + " can be reached from it");
  }
  return found;
}

}  // namespace reprise::tidy
