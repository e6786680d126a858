// hard-times: the real server on a machine that treats it badly: its clock jumps, it is stopped for a
// while, it gets few descriptors or little memory, ten thousand connections, and a thousand clients
// that hardly speak.
//
// Every time: what was acknowledged is there, and once the hard time is over it serves as before.
//
// Usage: hard-times SERVER SHIM [ONE OF THEM]    (SHIM: shifted_clock.cpp as a library).
// REPRISE_SECONDS of at least 60: the long stop. Exit status 0: nothing found.

#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/fault/crowd.hpp"
#include "tests/fault/served_site.hpp"

namespace {

using namespace reprise::fault;
namespace fs = std::filesystem;

unsigned checks = 0, findings = 0;

void expect(bool held, const std::string& what) {
  ++checks;
  if (held) return;
  ++findings;
  std::printf("FOUND: not so: %s\n", what.c_str());
}

std::string folder_for(const std::string& name) {
  return (fs::temp_directory_path() / ("reprise-hard-times-" + name)).string();
}

// Serves as before: adds, an instance from its start to its end, and nothing lost.
void expect_service(served_site& site, const std::string& after) {
  for (int i = 0; i < 20; ++i) expect(site.add() == 200, "an add is acknowledged " + after);
  const auto id = "after-" + std::to_string(checks);
  expect(site.start_instance("hello_cities", id, "null") == 202, "an instance starts " + after);
  expect(site.outcome_of(id).find("status") == std::string::npos, "and ends " + after);
  expect(site.kept(), "what was acknowledged is there " + after);
}

class clock_shift {
 public:
  clock_shift(const std::string& path, const std::string& shim) : path_(path) {
    to(0);
    ::setenv("LD_PRELOAD", shim.c_str(), 1);
    ::setenv("REPRISE_CLOCK_SHIFT", path.c_str(), 1);
  }
  ~clock_shift() {
    ::unsetenv("LD_PRELOAD");
    ::unsetenv("REPRISE_CLOCK_SHIFT");
  }
  // In place: the server has it mapped.
  void to(std::int64_t seconds) {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    if (!file) file.open(path_, std::ios::out | std::ios::binary);
    file.write(reinterpret_cast<const char*>(&seconds), sizeof seconds);
  }

 private:
  std::string path_;
};

void clock_jumps(const std::string& program, const std::string& shim) {
  constexpr std::int64_t hour = 3600, thirty_years = 30 * 365 * 24 * hour;
  served_site site(program, folder_for("clock"));
  clock_shift clock(site.server.folder() + "/shift", shim);
  site.start();
  const auto nap = [&](const std::string& id, std::int64_t seconds) {
    expect(site.start_instance("approval", id,
                               "{\"timeoutSeconds\":" + std::to_string(seconds) + "}") == 202,
           id + " starts");
  };
  for (int i = 0; i < 20; ++i) nap("month-" + std::to_string(i), 30 * 24 * hour + i);
  clock.to(-hour);
  expect_service(site, "after the clock went back an hour");
  nap("soon", 2);
  expect(site.outcome_of("soon") == "timed out",
         "a timer of two seconds does not wait for the hour that came again");
  nap("back", 2 * hour);
  site.restart();
  expect_service(site, "after a restart an hour ago");
  expect(site.look("month-0").status == 202 && site.look("back").status == 202,
         "no timer fires because the clock went back");
  clock.to(2 * hour + 60);
  expect(site.outcome_of("back") == "timed out",
         "a running server sees that its clock went forward");
  site.server.kill_now();
  clock.to(thirty_years);
  site.start();
  for (int i = 0; i < 20; ++i)
    expect(site.outcome_of("month-" + std::to_string(i)) == "timed out",
           "a timer that is due after thirty years fires");

  expect_service(site, "after thirty years");
  nap("later", 1);
  expect(site.outcome_of("later") == "timed out", "a new timer fires after thirty years");
  site.server.stop();
  clock.to(0);
  site.start();
  expect_service(site, "after the clock was put right");
  for (int i = 0; i < 20; ++i)
    expect(site.outcome_of("month-" + std::to_string(i)) == "timed out", "an end stays an end");
  expect(site.server.stop() == 0, "SIGTERM ends it with status 0");
}

void stopped_for_a_while(const std::string& program, int seconds) {
  served_site site(program, folder_for("stop"));
  site.start();
  expect_service(site, "before the stop");
  expect(site.start_instance("approval", "over", "{\"timeoutSeconds\":1}") == 202,
         "a timer is set");
  ::kill(site.server.pid(), SIGSTOP);
  ::poll(nullptr, 0, seconds * 1000);
  ::kill(site.server.pid(), SIGCONT);
  expect(site.outcome_of("over") == "timed out", "a timer due while it was stopped fires");
  expect_service(site, "after a stop of " + std::to_string(seconds) + " s");
  expect(site.server.stop() == 0, "SIGTERM ends it with status 0");
}

void few_descriptors(const std::string& program) {
  served_site site(program, folder_for("files"));
  site.start_within(RLIMIT_NOFILE, 64);
  expect_service(site, "with 64 descriptors");
  crowd clients(site.server.port());
  clients.hesitate(200);
  for (int i = 0; i < 20; ++i)
    expect(site.add() == 200, "a client that is connected is served when descriptors are out");
  clients.leave();
  expect_service(site, "when there are descriptors again");
  expect(site.server.stop() == 0, "SIGTERM ends it with status 0");
}

// For us and the servers that we start. Gives how many.
rlim_t all_descriptors() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  return files.rlim_cur;
}

std::uint64_t resident_bytes(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stoull(line.substr(6)) * 1024;
  return 0;
}

// As many connections as the server takes, held; with fewer descriptors than that needs, fewer.
void many_connections(const std::string& program) {
  constexpr std::size_t most = 10'000, others = 10;  // of the server; those that are not ours
  constexpr std::size_t bytes_each = 32u << 10;
  const auto files = static_cast<std::size_t>(all_descriptors());
  const auto count = std::min(most - others, files - std::min(files, std::size_t{200}));
  served_site site(program, folder_for("many"));
  site.start();
  expect_service(site, "before the crowd");
  const auto before = resident_bytes(site.server.pid());
  crowd clients(site.server.port());
  expect(clients.enter(count) == count, "each of the crowd is answered");
  expect(clients.ask_all() == count, "each of the crowd is answered once more");
  const auto grown = resident_bytes(site.server.pid()) - before;
  std::printf("many connections: %zu held, %zu bytes each\n", count,
              static_cast<std::size_t>(grown) / count);
  expect(before > 0 && grown / count <= bytes_each,
         "a connection that is held takes 32 KiB at most");
  expect_service(site, "beside the crowd");
  if (count + others == most)
    expect(clients.enter(2 * others) <= others, "no more than the limit are let in");
  clients.leave();
  expect_service(site, "after it left");
  expect(site.server.stop() == 0, "SIGTERM ends it with status 0");
}

void slow_clients(const std::string& program) {
  all_descriptors();
  served_site site(program, folder_for("slow"));
  site.start();
  crowd clients(site.server.port());
  expect(clients.hesitate(1000) == 1000, "a thousand clients are let in");
  expect_service(site, "beside a thousand slow clients");
  clients.leave();
  expect_service(site, "after they left");
  expect(site.server.stop() == 0, "SIGTERM ends it with status 0");
}

// Inputs that stay in memory until there is none: refused or killed by it, but nothing is lost.
void little_memory(const std::string& program) {
  served_site site(program, folder_for("memory"));
  site.start_within(RLIMIT_DATA, rlim_t{220} << 20);
  expect_service(site, "with little memory");
  const std::string big = "{\"texts\":[\"" + std::string(900'000, 'x') + "\"]}";
  bool lives = true;
  unsigned accepted = 0, refused = 0;
  std::string blamed;
  for (int i = 0; i < 400 && lives; ++i) {
    const int status = site.start_instance("word_count", "big-" + std::to_string(i), big);
    ++(status == 202 ? accepted : refused);
    if (status > 202 && status != 429 && status < 500) blamed += ' ' + std::to_string(status);
    lives = status != 0;
    if (i % 10 == 0 && lives) lives = site.add() != 0;
  }
  std::printf("little memory: %u big starts accepted, %u not, the server %s\n", accepted, refused,
              lives ? "lives" : "ended");
  expect(blamed.empty(), "no client is blamed for a lack of memory:" + blamed);
  if (lives)
    site.restart();
  else {
    const int status = site.server.await_end();
    expect(status != 0, "a server that ended for lack of memory says so with its status");
    site.start();
  }
  expect(site.kept(), "what was acknowledged with little memory is there");
  expect_service(site, "with memory again");
  expect(site.server.stop() == 0, "SIGTERM ends it with status 0");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: hard-times SERVER SHIM [clock|stop|files|many|slow|memory]\n");
    return 2;
  }
  const std::string only = argc > 3 ? argv[3] : "";
  const auto chosen = [&](const char* name) { return only.empty() || only == name; };
  try {
    const char* given = std::getenv("REPRISE_SECONDS");
    const bool is_long = given && std::atoi(given) >= 60;
    if (chosen("clock")) clock_jumps(argv[1], argv[2]);
    if (chosen("stop")) stopped_for_a_while(argv[1], is_long ? 30 : 5);
    if (chosen("files")) few_descriptors(argv[1]);
    if (chosen("many")) many_connections(argv[1]);
    if (chosen("slow")) slow_clients(argv[1]);
    if (chosen("memory")) little_memory(argv[1]);
    std::printf("%u checks, %u findings\n", checks, findings);
    if (findings == 0)
      for (const auto* each : {"clock", "stop", "files", "many", "slow", "memory"})
        fs::remove_all(folder_for(each));
    return findings == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hard-times: %s\n", error.what());
    return 2;
  }
}
