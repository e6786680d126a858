// The real server as a child process, and beast_hello in its place before and after: the same client,
// the same bytes but for the path.

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>

#include "tests/bench/anchor_runs.hpp"
#include "tests/bench/http_load.hpp"
#include "tests/bench/rows.hpp"
#include "tests/kill/server_process.hpp"

namespace reprise::bench {
namespace {

constexpr std::size_t connections = 64;
constexpr char body[] = R"({"amount":1})";

// As whoever asks wants it: warm, then measured.
http_measure measured_load(const options& asked, std::uint16_t port, double seconds,
                           const std::function<std::string()>& next) {
  load_http(port, connections, asked.quick ? 0.05 : 1, next);
  return load_http(port, connections, seconds, next);
}

class hello_server {
 public:
  hello_server() : port_(free_port()), child_(::fork()) {
    if (child_ < 0) throw std::runtime_error("cannot fork");
    if (child_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    static const auto program = program_beside("anchor-beast_hello");
    const auto port = std::to_string(port_);
    ::execl(program.c_str(), program.c_str(), "--port", port.c_str(), "--seconds", "3600", nullptr);
    ::_exit(127);
  }
  ~hello_server() {
    ::kill(child_, SIGTERM);
    ::waitpid(child_, nullptr, 0);
  }
  std::uint16_t port() const { return port_; }

 private:
  std::uint16_t port_;
  pid_t child_;
};

double run_hello(const options& asked) {
  hello_server server;
  const auto next = [request = post("/", body)] { return request; };
  for (int tries = 0;; ++tries) {
    try {
      load_http(server.port(), 1, 0.01, next);
      break;
    } catch (const std::runtime_error&) {  // it does not listen yet, and does not say when it does
      if (tries == 100) throw;
      wait(0.05);
    }
  }
  const auto m = measured_load(asked, server.port(), std::min(asked.seconds, 5.0), next);
  return double(m.micros.size()) / m.seconds;
}

}  // namespace

std::vector<row> run_http_row(const options& asked) {
  const auto folder = asked.folder + "/http";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto before = run_hello(asked);
  row r;
  {
    kill::server_process server(program_beside("reprise-examples"), folder);
    server.start();
    std::minstd_rand chance(1);
    const auto m = measured_load(asked, server.port(), asked.seconds, [&] {
      return post("/v1/actors/counter/c" + std::to_string(chance() % asked.few_keys) + "/add",
                  body);
    });
    server.stop();
    auto micros = m.micros;
    r.seconds = m.seconds;
    r.per_second = double(micros.size()) / m.seconds;
    r.micros = quantiles_of(micros);
    if (m.failures > 0) r.remark = std::to_string(m.failures) + " requests FAILED";
  }
  std::filesystem::remove_all(folder);
  r.name = "actor calls over HTTP, 64 connections";
  r.anchor = {"beast_hello", ""};
  r.anchor_figure = (before + run_hello(asked)) / 2;
  r.at_least = 0.4;
  r.aim = 0.7;
  return {std::move(r)};
}

}  // namespace reprise::bench
