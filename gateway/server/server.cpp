// The threads and listening sockets around connection.cpp: start, accept, shutdown.

#include "gateway/server/server.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/server/connection.hpp"

namespace reprise::gateway {

namespace {

// Enforces the deadlines of all connections of a thread, with one timer. Ends when there is none left.
task<void> sweep(io_thread& l) {
  const auto& allowed = l.allowed;
  const auto shortest =
      std::min({allowed.head_deadline, allowed.body_deadline, allowed.write_deadline,
                allowed.idle_deadline, allowed.handshake_deadline});
  const auto period = std::clamp<clock::duration>(shortest / 4, std::chrono::milliseconds(1),
                                                  std::chrono::seconds(1));
  timer_type timer(l.context);
  while (!l.connections.empty()) {
    timer.expires_after(period);
    const auto [error] = co_await timer.async_wait(awaited);
    if (error) break;
    const auto now = clock::now();
    for (auto* c : l.connections) c->expire(now);
  }
  l.sweeping = false;
}

task<void> serve(io_thread& l, socket_type socket, tcp::endpoint peer) {
  connection c(l, std::move(socket), peer);
  if (!l.sweeping) {
    l.sweeping = true;
    net::co_spawn(l.context, sweep(l), net::detached);
  }
  co_await c.serve();
}

// Keeps one file descriptor in reserve. When the process has no more, shed() releases it to accept and
// close the waiting connection, so that the client is refused at once.
class reserve_descriptor {
 public:
  reserve_descriptor() { take(); }
  ~reserve_descriptor() { give(); }
  void shed(int listening) {
    give();
    const int refused = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (refused >= 0) ::close(refused);
    take();
  }

 private:
  void take() { descriptor_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC); }
  void give() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int descriptor_ = -1;
};

// Refuses a connection: 503, and the caller closes the socket.
void turn_away(socket_type& socket) {
  constexpr std::string_view full =
      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n"
      "Content-Length: 0\r\n\r\n";
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(net::buffer(full), ignored);
}

// Converts an IPv4-mapped address, as a `[::]` socket reports IPv4 clients, to IPv4: is_loopback() does
// not recognise ::ffff:127.0.0.1.
tcp::endpoint as_it_was_asked(const tcp::endpoint& peer) {
  const auto address = peer.address();
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return peer;
  return {net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6()), peer.port()};
}

// Returns why a connection is refused; if "", the connection is accepted and counted.
std::string_view refusal_of(io_thread& l, const tcp::endpoint& peer) {
  if (l.seen->open.fetch_add(1) >= l.allowed.connections) {
    l.seen->open.fetch_sub(1);
    return "connections";
  }
  if (!peer.address().is_loopback() && !l.addresses->enter(peer.address().to_string())) {
    l.seen->open.fetch_sub(1);
    return "connections_of_address";
  }
  l.seen->accepted.fetch_add(1, std::memory_order_relaxed);
  return {};
}

task<void> accept(io_thread& l, acceptor_type acceptor) {
  reserve_descriptor reserve;
  timer_type pause(l.context);
  l.acceptor = &acceptor;
  while (!l.closing) {
    tcp::endpoint peer;
    auto [error, socket] = co_await acceptor.async_accept(peer, awaited);
    if (l.closing) break;
    if (error == boost::system::errc::too_many_files_open ||
        error == boost::system::errc::too_many_files_open_in_system ||
        error == boost::system::errc::no_buffer_space ||
        error == boost::system::errc::not_enough_memory) {
      l.seen->refused.add("descriptors");
      reserve.shed(acceptor.native_handle());
      pause.expires_after(std::chrono::milliseconds(50));
      co_await pause.async_wait(awaited);
      continue;
    }
    if (error) continue;  // the peer was gone before it was accepted
    peer = as_it_was_asked(peer);
    if (const auto why = refusal_of(l, peer); !why.empty()) {
      l.seen->refused.add(why);
      turn_away(socket);
      continue;
    }
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    net::co_spawn(l.context, serve(l, std::move(socket), peer), net::detached);
  }
  l.acceptor = nullptr;
}

failure unavailable(const std::string& where, const error_code& error) {
  std::string why = "cannot listen on " + where + ": " + error.message();
  if (error == boost::system::errc::address_in_use)
    why += " (another program serves there; stop it or choose another port with --listen)";
  if (error == boost::system::errc::permission_denied) why += " (ports below 1024 need privileges)";
  return {cause::unavailable, why, false};
}

error_code listen(acceptor_type& acceptor, const tcp::endpoint& at, bool shared) {
  error_code error;
  acceptor.open(at.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  const int on = 1;
  if (!error && shared &&
      ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
    error.assign(errno, boost::system::system_category());
  if (!error) acceptor.bind(at, error);
  if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
  return error;
}

}  // namespace

class server::state {
 public:
  std::vector<std::shared_ptr<io_thread>> io_threads;
  std::vector<std::thread> threads;
  std::shared_ptr<connection_stats> seen;
  tcp::endpoint at;
  bool secure = false;

  // Waits until no connection is left, at most `longest`.
  void wait(std::chrono::milliseconds longest) const {
    const auto end = clock::now() + longest;
    while (seen->open != 0 && clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }

  void stop() {
    for (auto& l : io_threads) l->context.stop();
    for (auto& t : threads) t.join();
    threads.clear();
    // Timers hold replies, which hold the io_thread: drop them and run the cancelled handlers to break
    // the cycle.
    for (auto& l : io_threads) {
      l->closing = true;
      for (auto* wait : l->waits) wait->drop();
      l->context.restart();
      l->context.poll();
    }
  }
};

server::server(std::unique_ptr<state> s) : state_(std::move(s)) {}
server::~server() { state_->stop(); }

result<std::unique_ptr<server>> server::open(server_options options, request_handler handler) {
  auto s = std::make_unique<state>();
  const auto where = options.host + ":" + std::to_string(options.port);
  error_code error;
  {
    net::io_context resolving;
    tcp::resolver resolver(resolving);
    const auto found = resolver.resolve(options.host, std::to_string(options.port), error);
    if (error || found.empty()) return unavailable(where, error);
    s->at = found.begin()->endpoint();
  }
  s->secure = options.tls != nullptr;
  s->seen = options.seen;
  const auto addresses = std::make_shared<per_ip_limit>(options.limits.connections_per_address);
  const unsigned count = std::max(1u, options.threads);
  for (unsigned i = 0; i < count; ++i) {
    auto l = std::make_shared<io_thread>();
    l->allowed = options.limits;
    l->handle = handler;
    l->seen = s->seen;
    l->addresses = addresses;
    l->tls = options.tls;
    if (i == 0 && count > 1) {
      // With SO_REUSEPORT two servers could share a port without noticing: first bind without it.
      acceptor_type probe(l->context);
      if ((error = listen(probe, s->at, false))) return unavailable(where, error);
      s->at = probe.local_endpoint();
    }
    acceptor_type acceptor(l->context);
    if ((error = listen(acceptor, s->at, count > 1))) return unavailable(where, error);
    s->at = acceptor.local_endpoint();
    net::co_spawn(l->context, accept(*l, std::move(acceptor)), net::detached);
    s->io_threads.push_back(std::move(l));
  }
  for (auto& l : s->io_threads)
    s->threads.emplace_back([l] {
      ::pthread_setname_np(::pthread_self(), "gateway");
      const auto busy = net::make_work_guard(l->context);
      l->context.run();
    });
  return std::unique_ptr<server>(new server(std::move(s)));
}

std::uint16_t server::port() const noexcept { return state_->at.port(); }
std::size_t server::connections() const noexcept { return state_->seen->open.load(); }

std::string server::url() const {
  const auto address = state_->at.address();
  const auto host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  return (state_->secure ? "https://" : "http://") + host + ":" + std::to_string(port());
}

void server::replace(const tls_settings& next) {
  for (auto& l : state_->io_threads) net::post(l->context, [l = l.get(), next] { l->tls = next; });
}

void server::drain(std::chrono::milliseconds longest) {
  for (auto& l : state_->io_threads)
    net::post(l->context, [&l = *l] {
      l.closing = true;
      error_code ignored;
      if (l.acceptor != nullptr) l.acceptor->close(ignored);
      for (auto* c : l.connections) c->close_if_idle();
      for (auto* wait : l.waits) wait->end();
    });
  state_->wait(longest);
  for (auto& l : state_->io_threads)
    net::post(l->context, [&l = *l] {
      for (auto* c : l.connections) c->cut();
    });
}

void server::stop(std::chrono::milliseconds longest) {
  state_->wait(longest);
  state_->stop();
}

}  // namespace reprise::gateway
