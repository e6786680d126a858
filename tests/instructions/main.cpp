// instruction-counts check TABLE FOLDER   counts, and compares with the table: 2 % more or less is a finding
// instruction-counts write TABLE FOLDER   counts, and writes the table
// instruction-counts paths                runs the paths; under callgrind
//
// A count is of our own instructions for one call, hop, start ...; times are no part of it, so a busy machine
// changes nothing. Who makes a path slower or quicker writes the table in the same commit and says why.

#include <valgrind/callgrind.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

#include "tests/instructions/callgrind.hpp"
#include "tests/instructions/paths.hpp"

namespace {

using namespace reprise::instructions;
using table = std::map<std::string, std::uint64_t>;

constexpr double tolerance = 0.02;

void count(bool on) {
  if (on) {
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
  } else {
    CALLGRIND_STOP_INSTRUMENTATION;
  }
}

int run_paths() {
  for (const auto& one : paths()) {
    one.run(count);
    CALLGRIND_DUMP_STATS_AT(one.name);
  }
  return 0;
}

table measure(const std::string& folder) {
  const auto sums = counted(std::filesystem::read_symlink("/proc/self/exe").string(), folder);
  table each;
  for (const auto& one : paths())
    if (const auto sum = sums.find(one.name); sum != sums.end())
      each[one.name] = sum->second / one.times;
  return each;
}

table read(const std::string& file) {
  table all;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && line[0] != '#')
      all[line.substr(0, line.find(' '))] = std::stoull(line.substr(line.find_last_of(' ')));
  return all;
}

int write(const std::string& file, const table& now) {
  std::ofstream out(file);
  out << "# Our own instructions for one of each, as callgrind counts them in the release build of "
         "g++ 12.\n"
         "# `ctest -L instructions` compares; ./dev instructions writes this file anew.\n";
  for (const auto& one : paths()) {
    const std::string name = one.name;
    out << name << std::string(24 - name.size(), ' ') << now.at(name) << '\n';
  }
  return out ? 0 : 1;
}

int check(const std::string& file, const table& now) {
  const auto before = read(file);
  int findings = 0;
  for (const auto& one : paths()) {
    const auto known = before.find(one.name);
    const auto is = now.find(one.name);
    const double was = known == before.end() ? 0 : double(known->second);
    const double changed = was == 0 || is == now.end() ? 1 : double(is->second) / was - 1;
    const bool far = changed > tolerance || changed < -tolerance;
    findings += far;
    std::printf("%-24s %10.0f -> %10.0f  %+6.1f %%%s\n", one.name, was,
                is == now.end() ? 0 : double(is->second), changed * 100, far ? "  <<<" : "");
  }
  if (before.size() != paths().size()) ++findings;
  if (findings != 0)
    std::printf(
        "%d of these are 2 %% or more from %s: if that is meant, ./dev instructions writes it "
        "anew, and the commit says why\n",
        findings, file.c_str());
  return findings == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "paths") return run_paths();
  if (argc != 4 || (what != "check" && what != "write")) {
    std::fprintf(stderr, "usage: instruction-counts check|write TABLE FOLDER\n");
    return 2;
  }
  if (what == "check" && !std::filesystem::exists(argv[2])) {
    std::printf("SKIPPED: there is no %s yet: ./dev instructions writes it\n", argv[2]);
    return 0;
  }
  const auto now = measure(argv[3]);
  return what == "write" ? write(argv[2], now) : check(argv[2], now);
} catch (const std::exception& e) {
  std::fprintf(stderr, "instruction-counts: %s\n", e.what());
  return 1;
}
