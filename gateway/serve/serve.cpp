#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <optional>
#include <thread>

#include "gateway/access/authorizer.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/cli/console.hpp"
#include "gateway/json/json_writer.hpp"
#include "gateway/json/text.hpp"
#include "gateway/observe/otlp_exporter.hpp"
#include "gateway/router/routes.hpp"
#include "gateway/serve/crash_handlers.hpp"
#include "gateway/serve/server_files.hpp"
#include "gateway/server/server.hpp"
#include "persistence/kill_point.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

namespace {

// Less than a second in total, so that slow clients do not delay a restart.
constexpr std::chrono::milliseconds drain_time{400};  // to finish reads and writes in progress
constexpr std::chrono::milliseconds last_words{150};  // to send the answers of the closing node

struct listen_address {
  std::string host;
  std::uint16_t port = 0;
};

// Parses HOST:PORT or [ADDRESS]:PORT.
std::optional<listen_address> listen_address_of(std::string_view listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  listen_address at;
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

enum class hang_up { ends, reads_again };

// The signals of the server, received by one thread with wait(). Construct it before other threads start,
// so that all of them block these signals. SIGHUP has its default action, which ends a program whose
// terminal is gone, unless there are files to read again.
class server_signals {
 public:
  explicit server_signals(hang_up means) {
    ::sigemptyset(&set_);
    for (const int s : {SIGINT, SIGTERM}) ::sigaddset(&set_, s);
    if (means == hang_up::reads_again) ::sigaddset(&set_, SIGHUP);
    ::pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~server_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  int wait() const {
    int taken = 0;
    ::sigwait(&set_, &taken);
    return taken;
  }
  // From now on a second signal ends the process at once.
  void release() {
    ::sigdelset(&set_, SIGHUP);
    ::pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
  }

 private:
  sigset_t set_{};
  sigset_t before_{};
};

std::string json_line(std::string_view level, const log_line& said) {
  std::string line;
  {
    object_writer object(line);
    object.time("time", time_point(std::chrono::system_clock::now().time_since_epoch()));
    object.text("level", level);
    object.text("text", said.text);
    if (!said.instance.empty()) object.text("instance", said.instance);
  }
  return line += '\n';
}

log_sink to_stderr(const serve_command& c) {
  auto lock = std::make_shared<std::mutex>();
  return [lock, json = c.log_format == "json"](const log_line& said) {
    if (said.level == log_level::debug) return;
    constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
    const auto name = names[static_cast<std::size_t>(said.level)];
    const auto line = json ? json_line(name, said)
                           : std::string(program_name()) + ": " + std::string(name) + ": " +
                                 visible(said.text) + '\n';
    const std::lock_guard hold(*lock);
    std::cerr << line;
  };
}

route_options routes_of(const serve_command& c, const std::string& host) {
  route_options options;
  options.data = c.data;
  options.limits = c.allowed;
  options.origins = c.origins;
  if (!is_loopback(host) && c.hosts.empty()) {
    options.hosts.clear();  // reachable from other machines anyway: accept any name
  } else {
    options.hosts.insert(options.hosts.end(), c.hosts.begin(), c.hosts.end());
    options.hosts.push_back(host.find(':') == std::string::npos ? host : "[" + host + "]");
  }
  return options;
}

void read_again(const serve_command& c, const route_options& routing, server& serving,
                const log_sink& log) {
  for (const auto& lines : {routing.logs.access, routing.logs.audit})
    if (lines != nullptr) lines->reopen();
  const auto now = read_credentials(c);
  if (!now)
    return log({log_level::error, "keys and certificates stay as they were: " + now.error().text});
  if (routing.authorizer != nullptr) routing.authorizer->replace(now->known);
  if (now->tls != nullptr) serving.replace(now->tls);
  log({log_level::info, "read again on SIGHUP"});
}

// Closes the node while the server can still deliver its final answers. Calls after that are answered
// that nothing was done.
void shut_down(node& on, server& serving) {
  serving.drain(drain_time);
  on.close();
  serving.stop(last_words);
}

// Handles signals until one ends the server.
void run(const serve_command& c, const route_options& routing, server& serving,
         server_signals& signals) {
  const auto log = to_stderr(c);
  while (signals.wait() == SIGHUP) read_again(c, routing, serving, log);
  signals.release();
}

// Returns the exporter of traces; null if there is no collector.
result<std::shared_ptr<otlp_exporter>> exporter_of(const serve_command& c) {
  if (c.otlp_endpoint.empty()) return std::shared_ptr<otlp_exporter>();
  otlp_options options;
  options.endpoint = c.otlp_endpoint;
  options.service = c.service_name;
  options.log = to_stderr(c);
  return otlp_exporter::open(std::move(options));
}

node_options node_options_of(const serve_command& c, const std::shared_ptr<otlp_exporter>& spans,
                             std::atomic<bool>& lost) {
  node_options options;
  options.data = c.data;
  options.workers = c.workers;
  options.log = to_stderr(c);
  if (spans != nullptr) options.spans = [spans](span one) { spans->append(std::move(one)); };
  options.on_failed = [&lost](const std::string&) {  // the node has logged the reason
    if (!lost.exchange(true)) ::kill(::getpid(), SIGTERM);
  };
  return options;
}

void warn_of_nothing_bound(const serve_command& c, const bindings& app) {
  if (!app.actors().empty() || !app.orchestrations().empty()) return;
  to_stderr(c)({log_level::warning,
                "nothing is bound: no actor and no orchestration can be asked for; --module FILE "
                "brings an application"});
}

}  // namespace

int serve(const serve_command& c, application app) {
  auto at = listen_address_of(c.listen);
  if (!at || c.port > 65535)
    return complain("--listen takes HOST:PORT, such as 127.0.0.1:7071", exit_usage);
  if (c.port >= 0) at->port = static_cast<std::uint16_t>(c.port);
  if (const auto wrong = contradiction(c, at->host); !wrong.empty())
    return complain(wrong, exit_usage);
  if (const char* where = std::getenv("REPRISE_KILL_AT");
      where && !persistence::arm_kill_point(where))
    return complain(std::string("REPRISE_KILL_AT names no place to die at: ") + where, exit_usage);

  auto now = read_credentials(c);
  if (!now) return complain(now.error().text, exit_usage);

  server_signals signals(has_files(c) ? hang_up::reads_again : hang_up::ends);
  auto logs = open_logs(c);
  if (!logs) return complain(logs.error().text, exit_usage);
  const auto spans = exporter_of(c);  // destroyed after the node, so that it exports all spans
  if (!spans) return complain(spans.error().text, exit_usage);
  install_crash_handlers();
  std::atomic<bool> lost = false;
  auto node = node::open(node_options_of(c, *spans, lost), std::move(app));
  if (!node) return complain(node.error().text, exit_failed);

  auto routing = routes_of(c, at->host);
  if (now->asks()) routing.authorizer = std::make_shared<authorizer>(now->known, c.allowed);
  routing.logs = std::move(*logs);
  routing.spans = *spans;
  routes handler(**node, routing);
  server_options options;
  options.host = at->host;
  options.port = at->port;
  options.threads = c.gateway_threads;
  options.limits = c.allowed;
  options.tls = now->tls;
  options.seen = routing.seen;
  auto serving = server::open(options, [&handler](http_request&& in, reply answer) {
    handler(std::move(in), std::move(answer));
  });
  if (!serving) {
    (*node)->close();
    return complain(serving.error().text, exit_failed);
  }
  warn_of_nothing_bound(c, (*node)->bound());
  // One write: the application's code already runs and may print too.
  std::cout << "listening on " + (*serving)->url() + '\n' << std::flush;

  run(c, routing, **serving, signals);
  handler.turn_red();
  if (!lost) std::this_thread::sleep_for(c.drain_delay);
  handler.drain();
  if (lost) {
    (*serving)->drain(drain_time);
    complain("the disk left it open whether the last writes are there; start again",
             exit_unknown_outcome);
    std::_Exit(exit_unknown_outcome);  // without reading or writing the store again
  }
  shut_down(**node, **serving);
  return exit_done;
}

}  // namespace reprise::gateway
