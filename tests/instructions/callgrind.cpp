#include "tests/instructions/callgrind.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace reprise::instructions {

namespace {

// GLIBC_TUNABLES: which of its functions glibc takes is by the machine's features, and some call back into
// ours. Address space is laid out the same each time by valgrind itself.
void run_under_callgrind(const std::string& program, const std::string& folder) {
  const auto out = "--callgrind-out-file=" + folder + "/out";
  const auto log = "--log-file=" + folder + "/log";
  const std::vector<const char*> arguments{"valgrind",
                                           "--tool=callgrind",
                                           "--instr-atstart=no",
                                           "--compress-strings=no",
                                           "--compress-pos=no",
                                           "--dump-line=no",
                                           out.c_str(),
                                           log.c_str(),
                                           program.c_str(),
                                           "paths",
                                           nullptr};
  const auto child = ::fork();
  if (child == 0) {
    ::setenv("GLIBC_TUNABLES",
             "glibc.cpu.hwcaps=-AVX2,-AVX512F,-ERMS,-FSRM:glibc.malloc.arena_max=1", 1);
    ::execvp(arguments[0], const_cast<char**>(arguments.data()));
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error("valgrind ended with " + std::to_string(status) + "; see " + folder +
                             "/log");
}

// One dump: which path it is of, and the cost of lines under `ob=program`. The line behind `calls=` has the
// cost of who was called, which is counted where he stands.
struct dump {
  std::string name;
  std::uint64_t own = 0;
};
dump read_dump(const std::filesystem::path& file, const std::string& program) {
  constexpr std::string_view trigger = "desc: Trigger: Client Request: ";
  dump d;
  bool ours = false, of_callee = false;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(trigger)) d.name = line.substr(trigger.size());
    if (line.starts_with("ob=")) ours = line.substr(3) == program;
    if (line.starts_with("calls=")) {
      of_callee = true;
    } else if (!line.empty() && line[0] >= '0' && line[0] <= '9') {
      if (ours && !of_callee) d.own += std::strtoull(line.c_str() + line.find(' '), nullptr, 10);
      of_callee = false;
    }
  }
  return d;
}

}  // namespace

std::map<std::string, std::uint64_t> counted(const std::string& program,
                                             const std::string& folder) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  run_under_callgrind(program, folder);
  std::map<std::string, std::uint64_t> all;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto d = read_dump(entry.path(), program);
    if (!d.name.empty()) all[d.name] += d.own;
  }
  return all;
}

}  // namespace reprise::instructions
