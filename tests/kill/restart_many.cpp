// restart-many: a node with very many unfinished instances is killed and started again; it is ready
// soon, has forgotten none, and each can still be finished.
//
// Usage: restart-many SERVER [COUNT]    (100,000). Prints what it took; asserts no time.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <list>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/kill/client.hpp"

namespace {

using namespace reprise::kill;
namespace fs = std::filesystem;

std::string id_of(unsigned n) { return "many-" + std::to_string(n); }

// Starts every `stride`-th instance from `first`, or finishes every 97th of them.
class worker : public client {
 public:
  using client::client;

  void start_all(unsigned first, unsigned stride, unsigned count) {
    for (unsigned n = first; n < count; n += stride)
      if (!start("approval", id_of(n), "{\"timeoutSeconds\":86400}")) return;
  }

  void finish_some(unsigned first, unsigned stride, unsigned count) {
    constexpr unsigned sample = 97;
    for (unsigned n = first * sample; n < count; n += stride * sample) {
      raise(id_of(n), "decision", "{\"approved\":true}");
      const auto status = until_ended(id_of(n));
      if (status && member(*status, "outcome") != "approved")
        found.push_back(id_of(n) + ": " + *status);
      ++finished;
    }
  }

  unsigned finished = 0;
};

double run_all(std::list<worker>& workers, void (worker::*work)(unsigned, unsigned, unsigned),
               unsigned count) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  const auto stride = static_cast<unsigned>(workers.size());
  for (auto& each : workers) {
    const auto first = static_cast<unsigned>(threads.size());
    threads.emplace_back(
        [&each, work, first, stride, count] { (each.*work)(first, stride, count); });
  }
  for (auto& each : threads) each.join();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

int run(const std::string& program, unsigned count) {
  constexpr unsigned connections = 32;
  auto folder = (fs::temp_directory_path() / "reprise-restart-many-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
  server_process server(program, folder);
  stage on{server};
  std::list<worker> workers;
  for (unsigned i = 0; i < connections; ++i) workers.emplace_back(on, i);
  server.start();
  std::printf("%u starts: %.1f s\n", count, run_all(workers, &worker::start_all, count));
  server.kill_now();
  const auto killed = std::chrono::steady_clock::now();
  server.start();
  http_client http;
  while (true) {
    const auto ready = http.perform(server.port(), {"GET", "/readyz"});
    if (ready && ready->status == 200) break;
  }
  std::printf("ready again after %.2f s\n",
              std::chrono::duration<double>(std::chrono::steady_clock::now() - killed).count());
  const double seconds = run_all(workers, &worker::finish_some, count);
  unsigned finished = 0, findings = 0;
  for (const auto& each : workers) {
    finished += each.finished;
    for (const auto& finding : each.found) std::printf("FOUND: %s\n", finding.c_str());
    findings += static_cast<unsigned>(each.found.size());
  }
  std::printf("%u of them finished: %.1f s; %u findings\n", finished, seconds, findings);
  if (const int status = server.stop(); status != 0) {
    std::printf("FOUND: SIGTERM: exit status %d\n", status);
    ++findings;
  }
  if (findings == 0) fs::remove_all(folder);
  return findings == 0 && finished > 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: restart-many SERVER [COUNT]\n");
    return 2;
  }
  try {
    return run(argv[1], argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 100'000);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "restart-many: %s\n", error.what());
    return 2;
  }
}
