#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

#include "examples/counter/counter.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {
namespace {

std::uint64_t written_bytes() {
  std::ifstream file("/proc/self/io");
  std::string name;
  for (std::uint64_t number = 0; file >> name >> number;)
    if (name == "write_bytes:") return number;
  return 0;
}

// User and system time of all threads, in clock ticks.
std::uint64_t ticks() {
  std::ifstream file("/proc/self/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;  // state ... cmajflt
  std::uint64_t user = 0, system = 0;
  fields >> user >> system;
  return user + system;
}

}  // namespace

row run_idle_row(const options& asked) {
  constexpr double span = 10, settle = 10;  // the last fold comes some seconds after the last call
  constexpr std::uint64_t allowed_ticks = 2;
  bench_node on(asked, "idle");
  for (int i = 0; i < 1000; ++i) {
    const auto answer =
        on->ask(examples::counter::add("c" + std::to_string(i), [](auto in) { in.setAmount(1); }))
            .get();
    if (!answer) return {.name = "idle node", .remark = answer.error().text, .kept = false};
  }
  wait(asked.quick ? 1 : settle);
  const auto bytes = written_bytes(), used = ticks();
  const double seconds = asked.quick ? 1 : span;
  wait(seconds);
  const auto more_bytes = written_bytes() - bytes, more_ticks = ticks() - used;
  row r;
  r.name = "idle node";
  r.seconds = seconds;
  r.remark = std::to_string(more_bytes) + " bytes written, " + std::to_string(more_ticks) +
             " ticks of " + std::to_string(::sysconf(_SC_CLK_TCK)) + " a second";
  r.kept = more_bytes == 0 && more_ticks <= allowed_ticks;
  return r;
}

}  // namespace reprise::bench
