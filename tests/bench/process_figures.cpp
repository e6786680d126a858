#include "tests/bench/process_figures.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <thread>
#include <vector>

namespace reprise::bench {
namespace {

namespace fs = std::filesystem;

// The number after `name` in a file of lines "name number ...".
std::uint64_t number_in(const char* path, const std::string& name) {
  std::ifstream file(path);
  std::string word;
  for (std::uint64_t number = 0; file >> word;) {
    if (word == name && file >> number) return number;
    file.clear();
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return 0;
}

}  // namespace

std::uint64_t own_memory_bytes() { return number_in("/proc/self/status", "RssAnon:") * 1024; }

std::uint64_t written_bytes() { return number_in("/proc/self/io", "write_bytes:"); }

std::uint64_t used_ticks() {
  std::ifstream file("/proc/self/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;  // state ... cmajflt
  std::uint64_t user = 0, system = 0;
  fields >> user >> system;
  return user + system;
}

std::uint64_t folder_bytes(const std::string& path) {
  std::uint64_t sum = 0;
  std::error_code gone;  // segments come and go
  for (const auto& each : fs::recursive_directory_iterator(path, gone))
    if (each.is_regular_file(gone)) sum += each.file_size(gone);
  return sum;
}

double seconds_to_read(const std::string& path, std::uint64_t limit) {
  std::vector<char> buffer(1 << 20);
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& each : fs::recursive_directory_iterator(path)) {
    if (!each.is_regular_file()) continue;
    std::ifstream file(each.path(), std::ios::binary);
    file.rdbuf()->pubsetbuf(nullptr, 0);
    while (limit > 0) {
      file.read(buffer.data(),
                static_cast<std::streamsize>(std::min<std::uint64_t>(limit, buffer.size())));
      if (file.gcount() <= 0) break;
      limit -= static_cast<std::uint64_t>(file.gcount());
    }
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

taken_away look_at_the_clock() {
  using namespace std::chrono_literals;
  using clock = std::chrono::steady_clock;
  const auto cores = std::max(1u, std::thread::hardware_concurrency());
  std::vector<clock::duration> lost(cores), longest(cores);
  {
    std::vector<std::jthread> lookers;
    for (unsigned core = 0; core < cores; ++core)
      lookers.emplace_back([&lost = lost[core], &longest = longest[core]] {
        constexpr auto noticed = 100us;  // shorter ones are interrupts
        const auto end = clock::now() + 1s;
        for (auto last = clock::now(); last < end;) {
          const auto now = clock::now();
          if (now - last > noticed) lost += now - last;
          longest = std::max(longest, now - last);
          last = now;
        }
      });
  }
  taken_away all;
  for (const auto each : lost) all.share += std::chrono::duration<double>(each).count() / cores;
  for (const auto each : longest)
    all.longest_ms =
        std::max(all.longest_ms, std::chrono::duration<double, std::milli>(each).count());
  return all;
}

}  // namespace reprise::bench
