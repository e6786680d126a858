#include "runtime/machine.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace reprise {

namespace {

// Returns the numbers of a file's first line; none for "max", "-1" and an unreadable file.
std::vector<std::uint64_t> numbers_in(const std::string& file) {
  std::vector<std::uint64_t> all;
  std::ifstream in(file);
  for (std::string word; in >> word;) {
    std::uint64_t n = 0;
    const auto [last, error] = std::from_chars(word.data(), word.data() + word.size(), n);
    if (error != std::errc() || last != word.data() + word.size()) return {};
    all.push_back(n);
  }
  return all;
}

// Returns the folders of a group and of all groups around it, innermost first. In a container the path
// may be the host's: then only the last folder exists.
std::vector<std::string> folders_of(const std::string& top, std::string path) {
  std::vector<std::string> all;
  for (;;) {
    while (path.ends_with('/')) path.pop_back();
    all.push_back(top + path);
    if (path.empty()) return all;
    path.erase(path.rfind('/') == path.npos ? 0 : path.rfind('/'));
  }
}

// A line of /proc/self/cgroup, "4:memory:/shop": v1 names controllers, v2 does not ("0::/shop").
struct membership {
  std::string controllers, path;
};
std::vector<membership> memberships(const std::string& root) {
  std::vector<membership> all;
  std::ifstream in(root + "/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const auto first = line.find(':');
    const auto second = first == line.npos ? first : line.find(':', first + 1);
    if (second == line.npos) continue;
    all.push_back({line.substr(first + 1, second - first - 1), line.substr(second + 1)});
  }
  return all;
}

bool has_controller(std::string_view list, std::string_view name) {
  for (;;) {
    const auto comma = list.find(',');
    if (list.substr(0, comma) == name) return true;
    if (comma == list.npos) return false;
    list.remove_prefix(comma + 1);
  }
}

void limit_memory(machine& m, const std::string& file) {
  const auto bytes = numbers_in(file);
  if (bytes.size() != 1 || bytes[0] == 0 || bytes[0] >= m.memory) return;
  m.memory = bytes[0];
  m.memory_from = file;
}

// Applies `quota` microseconds of CPU in every `period`.
void limit_processors(machine& m, std::uint64_t quota, std::uint64_t period,
                      const std::string& file) {
  if (quota == 0 || period == 0) return;
  const auto whole = std::max<std::uint64_t>(1, quota / period + (quota % period != 0));
  if (whole >= m.processors) return;
  m.processors = static_cast<unsigned>(whole);
  m.processors_from = file;
}

void apply_v2(machine& m, const std::string& folder) {
  limit_memory(m, folder + "/memory.max");
  const auto share = numbers_in(folder + "/cpu.max");
  if (share.size() == 2) limit_processors(m, share[0], share[1], folder + "/cpu.max");
}

void apply_v1_processors(machine& m, const std::string& folder) {
  const auto quota = numbers_in(folder + "/cpu.cfs_quota_us");
  const auto period = numbers_in(folder + "/cpu.cfs_period_us");
  if (quota.size() == 1 && period.size() == 1)
    limit_processors(m, quota[0], period[0], folder + "/cpu.cfs_quota_us");
}

}  // namespace

machine within_cgroups(machine m, const std::string& root) {
  const auto top = root + "/sys/fs/cgroup";
  for (const auto& [controllers, path] : memberships(root)) {
    if (controllers.empty())
      for (const auto& folder : folders_of(top, path)) apply_v2(m, folder);
    if (has_controller(controllers, "memory"))
      for (const auto& folder : folders_of(top + "/memory", path))
        limit_memory(m, folder + "/memory.limit_in_bytes");
    if (has_controller(controllers, "cpu"))
      for (const auto* mount : {"/cpu", "/cpu,cpuacct"})
        for (const auto& folder : folders_of(top + mount, path)) apply_v1_processors(m, folder);
  }
  return m;
}

machine this_machine() {
  machine whole;
  whole.memory = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                 static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  whole.memory_from = whole.processors_from = "this machine";
  whole.processors = std::max(1u, std::thread::hardware_concurrency());
  return within_cgroups(std::move(whole), "");
}

}  // namespace reprise
