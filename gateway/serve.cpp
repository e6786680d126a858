#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <optional>
#include <sstream>

#include "gateway/internal/commands.hpp"
#include "gateway/internal/crash_handlers.hpp"
#include "gateway/internal/routes.hpp"
#include "gateway/internal/server.hpp"
#include "persistence/kill_point.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

namespace {

constexpr std::chrono::seconds drain_time{
    30};                                       // as long as a service manager waits before it kills
constexpr std::chrono::seconds last_words{2};  // to answer what is in flight when the disk failed

int complain(const std::string& text, int code) {
  std::cerr << "reprise: " << text << std::endl;
  return code;
}

struct place {
  std::string host;
  std::uint16_t port = 0;
};

// HOST:PORT, [ADDRESS]:PORT
std::optional<place> place_of(std::string_view listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  place at;
  auto host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  at.host = host;
  const auto digits = listen.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), at.port);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return at;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

// The signals that end the server, taken by one thread that asks for them. Blocked before any
// thread starts, so that no other ever has one.
class end_signals {
 public:
  end_signals() {
    ::sigemptyset(&set_);
    for (const int s : {SIGINT, SIGTERM}) ::sigaddset(&set_, s);
    ::pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~end_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  void wait() const {
    int taken = 0;
    ::sigwait(&set_, &taken);
  }
  // A second signal ends the process at once.
  void release() const { ::pthread_sigmask(SIG_UNBLOCK, &set_, nullptr); }

 private:
  sigset_t set_{};
  sigset_t before_{};
};

log_sink to_stderr() {
  auto lock = std::make_shared<std::mutex>();
  return [lock](log_level level, std::string_view text) {
    if (level == log_level::debug) return;
    constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
    const std::lock_guard hold(*lock);
    std::cerr << "reprise: " << names[static_cast<std::size_t>(level)] << ": " << text << '\n';
  };
}

route_options routes_of(const serve_command& c, const std::string& host) {
  route_options options;
  if (!is_loopback(host) && c.hosts.empty()) {
    options.hosts.clear();  // open to strangers anyway: any name
  } else {
    options.hosts.insert(options.hosts.end(), c.hosts.begin(), c.hosts.end());
    options.hosts.push_back(host.find(':') == std::string::npos ? host : "[" + host + "]");
  }
  return options;
}

}  // namespace

int serve(const serve_command& c, application app) {
  auto at = place_of(c.listen);
  if (!at || c.port > 65535)
    return complain("--listen takes HOST:PORT, such as 127.0.0.1:7071", exit_usage);
  if (c.port >= 0) at->port = static_cast<std::uint16_t>(c.port);
  if (c.data.empty() && !c.ephemeral)
    return complain("say where the data lives: --data FOLDER, or --ephemeral to keep nothing",
                    exit_usage);
  if (!c.data.empty() && c.ephemeral)
    return complain("--data and --ephemeral exclude each other", exit_usage);
  if (!is_loopback(at->host) && !c.insecure)
    return complain("nobody who connects is asked who he is: " + at->host +
                        " can be reached from other machines, so it is refused without --insecure",
                    exit_usage);

  if (const char* where = std::getenv("REPRISE_KILL_AT");
      where && !persistence::arm_kill_point(where))
    return complain(std::string("REPRISE_KILL_AT names no place to die at: ") + where, exit_usage);

  const end_signals signals;
  install_crash_handlers();
  std::atomic<bool> lost = false;
  node_options node_opts;
  node_opts.data = c.data;
  node_opts.workers = c.workers;
  node_opts.log = to_stderr();
  node_opts.on_failed = [&lost](const std::string& why) {
    std::cerr << "reprise: " << why << std::endl;
    if (!lost.exchange(true)) ::kill(::getpid(), SIGTERM);
  };
  auto node = node::open(std::move(node_opts), std::move(app));
  if (!node) return complain(node.error().text, exit_failed);

  routes handler(**node, routes_of(c, at->host));
  server_options options;
  options.host = at->host;
  options.port = at->port;
  options.threads = c.gateway_threads;
  auto serving = server::open(options, [&handler](incoming in, reply answer) {
    handler(std::move(in), std::move(answer));
  });
  if (!serving) {
    (*node)->close();
    return complain(serving.error().text, exit_failed);
  }
  // In one piece: the application's code runs already and may print beside it.
  std::cout << "listening on " + (*serving)->url() + '\n' << std::flush;

  signals.wait();
  signals.release();
  handler.drain();
  if (lost) {
    (*serving)->drain(last_words);
    complain("the disk left it open whether the last writes are there; start again",
             exit_unknown_outcome);
    std::_Exit(exit_unknown_outcome);  // nothing more is read or written
  }
  (*serving)->drain(drain_time);
  (*node)->close();  // before the server goes: its answers go to nobody, but they go
  return exit_done;
}

}  // namespace reprise::gateway
