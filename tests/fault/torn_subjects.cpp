#include "tests/fault/torn_subjects.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "persistence/batch.hpp"
#include "persistence/keys.hpp"
#include "persistence/log/log_scan.hpp"
#include "tests/fault/trace.hpp"
#include "tests/kill/http_client.hpp"
#include "tests/kill/server_process.hpp"

namespace reprise::fault {

namespace fs = std::filesystem;
using persistence::batch;

namespace {

constexpr position writer_positions = 1500;

// The same from the same seed, whoever asks. A group of three, three writes each, fits in a segment.
batch transition(std::mt19937_64& chance) {
  batch b;
  const auto key = [&] {
    return persistence::keys::meta("k" + std::to_string(100 + chance() % 200));
  };
  for (auto writes = 1 + chance() % 3; writes > 0; --writes) {
    const auto kind = chance() % 10;
    if (kind < 7)
      b.put(key(), std::string(chance() % (chance() % 4 == 0 ? 1500 : 400),
                               static_cast<char>('a' + chance() % 26)));
    if (kind == 7 || kind == 8) b.erase(key());
    if (kind == 9) {
      auto first = key(), last = key();
      if (first > last) std::swap(first, last);
      b.erase_range(first, last + '\0');
    }
  }
  return b;
}

int trace_end(const std::string& trace) {
  const int to = ::open(trace.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (to < 0) throw std::runtime_error("cannot write " + trace);
  return to;
}

void acknowledge(int trace, const std::string& what) {
  if (append(trace, {.what = act::acknowledged}, {}, what) != 0)
    throw std::runtime_error("cannot write the trace");
}

void record_in_children(const std::string& shim, const recording& r) {
  ::setenv("LD_PRELOAD", shim.c_str(), 1);
  ::setenv("REPRISE_TRACE", r.trace.c_str(), 1);
  ::setenv("REPRISE_TRACED", r.folder.c_str(), 1);
}

std::uint64_t id_of(const std::string& folder) {
  std::ifstream file(folder + "/format");
  for (std::string word; file >> word;)
    if (word == "id" && file >> word) return std::strtoull(word.c_str(), nullptr, 16);
  throw std::runtime_error(folder + " has no id");
}

}  // namespace

persistence::lmdb_options small_options(const std::string& folder) {
  persistence::lmdb_options o;
  o.folder = folder;
  o.map_bytes = std::size_t{256} << 20;
  o.segment_bytes = std::size_t{16} << 10;
  o.fold.records = 60;
  return o;
}

known_states states_of_writer(std::uint64_t seed) {
  known_states known;
  std::mt19937_64 chance(seed);
  for (position at = 1; at <= writer_positions; ++at) known.add(transition(chance).bytes());
  return known;
}

int write_small_segments(const std::string& folder, const std::string& trace, std::uint64_t seed) {
  const int to = trace_end(trace);
  std::mt19937_64 chance(seed), lengths(seed + 1);
  position next = 1;
  while (next <= writer_positions) {
    auto opened = persistence::open_lmdb_store(small_options(folder));
    if (!opened) {
      std::fprintf(stderr, "%s\n", opened.error().text.c_str());
      return 1;
    }
    const auto life_ends = next + writer_positions / 4;
    while (next <= writer_positions && next < life_ends) {
      std::vector<batch> group;
      const auto left = writer_positions + 1 - next;
      for (auto size = std::min<position>(1 + lengths() % 3, left); size > 0; --size)
        group.push_back(transition(chance));
      if (const auto done = (*opened)->commit(next, group); !done) return 1;
      next += group.size();
      acknowledge(to, "at " + std::to_string(next - 1));
    }
    if (lengths() % 2 == 0) (*opened)->close();
  }
  return 0;
}

recording record_writer(const std::string& shim, const std::string& within, std::uint64_t seed) {
  recording r{
      "small segments", within + "/writer-trace", within + "/writer", small_options(""), {}};
  const auto child = ::fork();
  if (child == 0) {
    record_in_children(shim, r);
    ::execl("/proc/self/exe", "torn-sectors", "write", r.folder.c_str(), r.trace.c_str(),
            std::to_string(seed).c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0) throw std::runtime_error("the writer ended with " + std::to_string(status));
  r.known = states_of_writer(seed);
  return r;
}

namespace {

// Adds and starts, one after the other; each answer goes into the trace before the next is asked.
void be_a_client(kill::server_process& server, int trace, unsigned number, unsigned life) {
  kill::http_client http;
  const auto name = "torn-" + std::to_string(life) + std::to_string(number);
  for (unsigned n = 1; n <= 40; ++n) {
    const auto added = http.perform(
        server.port(), {"POST", "/v1/actors/counter/" + name + "/add", "{\"amount\":1}"});
    if (!added || added->status != 200) throw std::runtime_error("an add was not answered");
    acknowledge(trace, "put " + std::to_string(n) + " " + name);
    if (n % 4 != 0) continue;
    const auto id = "start-" + std::to_string(1000 * (10 * life + number) + n);
    const auto started = http.perform(
        server.port(),
        {"POST", "/runtime/webhooks/durabletask/orchestrators/hello_cities/" + id, "null"});
    if (!started || started->status != 202) throw std::runtime_error("a start was not answered");
    acknowledge(trace, "put 1 " + id);
  }
}

}  // namespace

recording record_server(const std::string& program, const std::string& shim,
                        const std::string& within) {
  const auto home = within + "/server";
  fs::create_directories(home);
  recording r{"the server", within + "/server-trace", home + "/data", {}, {}};
  record_in_children(shim, r);
  const int trace = trace_end(r.trace);
  kill::server_process server(program, home);
  for (unsigned life = 0; life < 4; ++life) {
    server.start();
    std::vector<std::thread> clients;
    for (unsigned i = 0; i < 3; ++i)
      clients.emplace_back([&, i] { be_a_client(server, trace, i, life); });
    for (auto& each : clients) each.join();
    if (life % 2 == 0)
      server.kill_now();
    else if (const int status = server.stop(); status != 0)
      throw std::runtime_error("the server ended with " + std::to_string(status));
  }
  ::close(trace);
  for (const auto* each : {"LD_PRELOAD", "REPRISE_TRACE", "REPRISE_TRACED"}) ::unsetenv(each);
  // It fits in one segment, so the log still has all of it.
  const auto read = persistence::internal::scan_log(
      r.folder + "/log", id_of(r.folder), 0,
      [&](std::span<const persistence::internal::logged_transition> some) {
        for (const auto& t : some) r.known.add(t.writes);
        return persistence::internal::segment_work();
      });
  if (!read) throw std::runtime_error(read.error().text);
  return r;
}

position position_of(const known_states& known, std::string_view acknowledged) {
  std::istringstream in{std::string(acknowledged)};
  std::string form, text;
  std::size_t n = 0;
  in >> form >> n >> text;
  const auto at = form == "at" ? n : known.nth_put(text, n);
  if (at == 0) throw std::runtime_error("nothing was written for: " + std::string(acknowledged));
  return at;
}

}  // namespace reprise::fault
