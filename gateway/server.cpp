// The only file that includes Beast: it costs 20 s of compiling.

#include "gateway/internal/server.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "gateway/internal/connection.hpp"
#include "gateway/internal/problem.hpp"
#include "gateway/json_out.hpp"

namespace reprise::gateway {

namespace {

constexpr std::size_t max_unread = 64u << 10;    // bytes of a connection beyond its head
constexpr std::size_t read_at_once = 16u << 10;  // of a body
constexpr std::size_t max_lingering = 1u << 20;  // read and dropped after a refusal
constexpr std::chrono::milliseconds linger_time = std::chrono::seconds(2);

// Waits for one answer: holds the coroutine that waits and gives it back to its own thread.
template <class Handler>
class answer_slot final : public reply::slot,
                          public std::enable_shared_from_this<answer_slot<Handler>> {
 public:
  answer_slot(std::shared_ptr<lane> l, Handler h) : lane_(std::move(l)), handler_(std::move(h)) {}
  ~answer_slot() override {
    if (!sent_.exchange(true))
      resume(problem(500, "dropped", "the request was dropped unanswered"));
  }

  void send(outgoing answer) override {
    if (!sent_.exchange(true)) resume(std::move(answer));
  }

  void call_after(std::chrono::milliseconds t, std::function<void()> f) override {
    net::post(lane_->context, [self = this->shared_from_this(), t, f = std::move(f)]() mutable {
      lane& l = *self->lane_;
      if (self->sent_ || l.closing) return;
      auto timer = std::make_shared<timer_type>(l.context, t);
      self->timer_ = timer;
      l.timers.insert(timer.get());
      timer->async_wait([&l, f = std::move(f), timer](error_code error) {
        l.timers.erase(timer.get());
        if (!error) f();
      });
    });
  }

 private:
  void resume(outgoing answer) {
    // `timer_` belongs to the lane's thread. A slot that is gone has none: timers hold it. Not held
    // here: a lane whose server has ended runs nothing, and would hold itself.
    net::post(lane_->context, [handler = std::move(handler_), answer = std::move(answer),
                               weak = this->weak_from_this()]() mutable {
      if (const auto self = weak.lock())
        if (auto waiting = self->timer_.lock()) waiting->cancel();
      std::move(handler)(std::move(answer));
    });
  }

  std::shared_ptr<lane> lane_;
  Handler handler_;
  std::atomic<bool> sent_ = false;
  std::weak_ptr<timer_type> timer_;
};

}  // namespace

connection::connection(lane& l, socket_type socket, const tcp::endpoint& peer)
    : lane_(l),
      stream_(std::move(socket)),
      far_end_(std::make_shared<far_end>(far_end{peer.address().to_string(), "", false})),
      is_local_(peer.address().is_loopback()),
      buffer_(l.most.head + max_unread) {
  lane_.connections.insert(this);
}

connection::~connection() {
  lane_.connections.erase(this);
  lane_.seen->open.fetch_sub(1);
  if (!is_local_) lane_.addresses->leave(far_end_->peer);
}

void connection::deadline(std::optional<std::chrono::milliseconds> from_now) {
  expired_ = false;
  due_.reset();
  if (from_now) due_ = clock::now() + *from_now;
}

void connection::expire(clock::time_point now) {
  if (!due_ || now < *due_) return;
  expired_ = true;
  error_code ignored;
  stream_.socket().cancel(ignored);
}

void connection::close_if_idle() {
  error_code ignored;
  if (idle_) stream_.socket().cancel(ignored);
}

std::string_view connection::buffered() const {
  return {static_cast<const char*>(buffer_.data().data()), buffer_.size()};
}

template <class Ask>
task<outgoing> connection::answer_of(Ask ask) {
  auto initiate = [this](auto handler, Ask asked) {
    const reply answer(std::make_shared<answer_slot<decltype(handler)>>(lane_.shared_from_this(),
                                                                        std::move(handler)));
    try {
      asked(answer);
    } catch (const std::bad_alloc&) {
      answer(problem({cause::overloaded, "there is no memory for this request now", true}));
    } catch (const std::exception& e) {
      answer(problem(500, "internal", e.what()));
    }
  };
  const net::use_awaitable_t<executor> token;
  auto answer = net::async_initiate<const net::use_awaitable_t<executor>&, void(outgoing)>(
      std::move(initiate), token, std::move(ask));
  co_return co_await std::move(answer);
}

task<void> connection::serve() {
  if (lane_.tls != nullptr && co_await shake_hands() == progress::stop) co_return;
  for (;;) {
    if (co_await read_head() == progress::stop) break;
    if (co_await read_body() == progress::stop) break;
    deadline(std::nullopt);  // the handler has limits of its own
    auto ask = [this, asked = std::move(request_)](const reply& answer) mutable {
      lane_.handle(std::move(asked), answer);
    };
    auto answer = co_await answer_of(std::move(ask));
    if (co_await write(std::move(answer)) == progress::stop) break;
  }
}

// The first byte tells who takes this for a port that speaks plain HTTP: he is told in his tongue.
task<connection::progress> connection::shake_hands() {
  constexpr char handshake_record = 0x16;
  const auto tls = lane_.tls;
  if (lane_.closing) co_return progress::stop;
  deadline(lane_.most.handshake_deadline);
  char first = 0;
  idle_ = true;
  const auto byte = net::buffer(&first, 1);
  const auto [none, count] =
      co_await stream_.socket().async_receive(byte, net::socket_base::message_peek, awaited);
  idle_ = false;
  if (none || expired_) co_return progress::stop;
  if (first != handshake_record) {
    lane_.seen->refused.add("tls");
    co_await refuse(400, "this port speaks TLS: use https");
    co_return progress::stop;
  }
  const auto [error] = co_await stream_.async_handshake(tls, awaited);
  if (error || expired_) {
    lane_.seen->refused.add("tls");
    co_return progress::stop;
  }
  far_end_ = std::make_shared<far_end>(far_end{far_end_->peer, stream_.peer_certificate(), true});
  co_return progress::go_on;
}

task<connection::progress> connection::read_head() {
  std::size_t looked = 0;
  const auto& most = lane_.most;
  deadline(buffer_.size() == 0 ? most.idle_deadline : most.head_deadline);
  for (;;) {
    const auto end = find_head_end(buffered(), looked);
    if (end.what == head_end::state::broken) {
      co_await refuse(400, "malformed request");
      co_return progress::stop;
    }
    if (end.what == head_end::state::complete) {
      request_head head;
      const auto refusal = guard(buffered().substr(0, end.size), most, head);
      if (refusal.status != 0) {
        co_await refuse(refusal.status, refusal.why);
        co_return progress::stop;
      }
      take_head(head);
      // A second reader of the same bytes: what Beast refuses has no single meaning either.
      parser_.emplace();
      parser_->header_limit(static_cast<std::uint32_t>(most.head));
      parser_->body_limit(most.body);
      error_code error;
      parser_->put(net::const_buffer(buffer_.data().data(), end.size), error);
      if (error) {
        co_await refuse(400, "malformed request");
        co_return progress::stop;
      }
      buffer_.consume(end.size);
      co_return progress::go_on;
    }
    if (buffer_.size() > most.head) {
      co_await refuse(431, "the header is too large");
      co_return progress::stop;
    }
    looked = end.size;
    idle_ = buffer_.size() == 0;
    if (idle_ && lane_.closing) co_return progress::stop;
    const auto room = buffer_.prepare(4096);
    const auto [error, count] = co_await stream_.async_read_some(room, awaited);
    const bool first = std::exchange(idle_, false);
    if (expired_) {
      if (!first) co_await refuse(408, "the header took too long");
      co_return progress::stop;
    }
    if (error) co_return progress::stop;
    buffer_.commit(count);
    if (first) deadline(most.head_deadline);
  }
}

void connection::take_head(const request_head& head) {
  request_ = {};
  request_.method = head.method;
  request_.target = head.target;
  request_.host = head.host;
  request_.content_type = head.find("Content-Type");
  request_.idempotency_key = head.find("Idempotency-Key");
  request_.has_idempotency_key = head.has("Idempotency-Key");
  request_.origin = head.find("Origin");
  request_.continuation_token = head.find("x-ms-continuation-token");
  request_.prefer = head.list("Prefer");
  request_.if_none_match = head.list("If-None-Match");
  request_.last_event_id = head.find("Last-Event-ID");
  if (head.has("Authorization")) {
    request_.has_credential = credential_field::authorization;
    request_.credential = head.find("Authorization");
  } else if (head.has("x-functions-key")) {
    request_.has_credential = credential_field::functions_key;
    request_.credential = head.find("x-functions-key");
  }
  request_.from = far_end_;
  has_body_ = head.chunked || head.length.value_or(0) > 0;
  expects_continue_ = head.expects_continue;
  keep_alive_ = head.keep_alive;
}

// Beast's own reading of a body asserts that a last chunk of which it has seen `0` and a line's end
// comes with two bytes more at once: one byte more ended the process. No chunked body has less than
// five bytes to come before its end, so the parser is not asked before there are as many.
task<error_code> connection::parse_body() {
  constexpr std::size_t last_chunk = 5;
  const auto least = parser_->chunked() ? last_chunk : 1;
  parser_->eager(true);
  while (!parser_->is_done()) {
    error_code error;
    if (buffer_.size() >= least) {
      const auto count = parser_->put(buffer_.data(), error);
      buffer_.consume(count);
      if (error && error != http::error::need_more) co_return error;
      if (count > 0) continue;
    }
    const auto free = std::min(buffer_.max_size() - buffer_.size(), read_at_once);
    if (free == 0) co_return http::error::buffer_overflow;
    const auto [failed, count] = co_await stream_.async_read_some(buffer_.prepare(free), awaited);
    if (failed) co_return failed;
    buffer_.commit(count);
  }
  co_return error_code();
}

task<connection::progress> connection::read_body() {
  const auto& most = lane_.most;
  if (!has_body_) co_return progress::go_on;
  deadline(most.body_deadline);
  if (expects_continue_ && buffer_.size() == 0) {
    const auto go_on = net::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25);
    const auto [error, count] = co_await net::async_write(stream_, go_on, awaited);
    if (error) co_return progress::stop;
  }
  auto limit_extension = [&](std::uint64_t, boost::core::string_view extension, error_code& error) {
    if (extension.size() > most.chunk_extension) error = http::error::bad_chunk_extension;
  };
  parser_->on_chunk_header(limit_extension);
  const auto error = co_await parse_body();
  if (expired_) {
    co_await refuse(408, "the body took too long");
    co_return progress::stop;
  }
  if (error == http::error::body_limit) {
    co_await refuse(413, "the body is too large");
    co_return progress::stop;
  }
  if (error == http::error::partial_message || error == http::error::end_of_stream)
    co_return progress::stop;
  if (error && error.category() == http::make_error_code(http::error::bad_value).category()) {
    co_await refuse(400, "malformed body");
    co_return progress::stop;
  }
  if (error) co_return progress::stop;
  request_.body = std::move(parser_->get().body());
  co_return progress::go_on;
}

void connection::append_head(std::string& out, const outgoing& answer) const {
  const auto now = std::time(nullptr);
  if (now != lane_.date_second || lane_.date.empty()) {
    char text[40];
    std::tm parts{};
    gmtime_r(&now, &parts);
    lane_.date.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
    lane_.date_second = now;
  }
  out += "HTTP/1.1 ";
  append_number(out, std::uint64_t{answer.status});
  out += ' ';
  const auto reason = http::obsolete_reason(http::int_to_status(answer.status));
  out.append(reason.data(), reason.size());
  out += "\r\nDate: ";
  out += lane_.date;
  out += "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n";
  if (!answer.content_type.empty())
    out.append("Content-Type: ").append(answer.content_type).append("\r\n");
  for (const auto& [name, value] : answer.fields) {
    assert(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (!keep_alive_) out += "Connection: close\r\n";
  if (answer.status != 204 && answer.status != 304 && !answer.more) {
    out += "Content-Length: ";
    append_number(out, std::uint64_t{answer.body.size()});
    out += "\r\n";
  }
  out += "\r\n";
}

task<connection::progress> connection::write(outgoing answer) {
  if (lane_.closing || answer.more) keep_alive_ = false;
  deadline(lane_.most.write_deadline);
  std::string head;
  head.reserve(512 + answer.body.size());
  append_head(head, answer);
  head += answer.body;
  const auto [error, count] = co_await net::async_write(stream_, net::buffer(head), awaited);
  if (error || expired_) co_return progress::stop;
  if (keep_alive_) co_return progress::go_on;
  if (answer.more) {
    auto more = std::move(answer.more);
    if (co_await write_rest(std::move(more)) == progress::stop) co_return progress::stop;
  }
  co_await linger();
  co_return progress::stop;
}

// Piece by piece, one in memory. Stops soon after the lane does.
task<connection::progress> connection::write_rest(std::function<void(const reply&)> more) {
  while (more && !lane_.closing) {
    deadline(std::nullopt);
    auto piece = co_await answer_of(std::move(more));
    if (piece.status >= 400) break;
    more = std::move(piece.more);
    if (piece.body.empty()) continue;
    deadline(lane_.most.write_deadline);
    const auto [error, count] =
        co_await net::async_write(stream_, net::buffer(piece.body), awaited);
    if (error || expired_) co_return progress::stop;
  }
  co_return progress::go_on;
}

task<void> connection::refuse(unsigned status, std::string_view why) {
  keep_alive_ = false;
  lane_.seen->refused.add(status_code(status));
  outgoing answer = problem(status, status_code(status), why);
  co_await write(std::move(answer));
}

// Closing with unread bytes would reset the connection and the peer might lose the answer. What a
// peer sends by TLS after the farewell is read here as the bytes that it is.
task<void> connection::linger() {
  error_code ignored;
  deadline(linger_time);
  if (stream_.is_secure()) co_await stream_.async_farewell(awaited);
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  std::array<char, 8192> dropped;
  for (std::size_t total = buffer_.size(); total < max_lingering && !ignored && !expired_;) {
    const auto room = net::buffer(dropped);
    const auto [error, count] = co_await stream_.socket().async_read_some(room, awaited);
    if (error) break;
    total += count;
  }
}

namespace {

task<void> sweep(lane& l) {
  const auto& most = l.most;
  const auto shortest = std::min({most.head_deadline, most.body_deadline, most.write_deadline,
                                  most.idle_deadline, most.handshake_deadline});
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

task<void> serve(lane& l, socket_type socket, tcp::endpoint peer) {
  connection c(l, std::move(socket), peer);
  if (!l.sweeping) {
    l.sweeping = true;
    net::co_spawn(l.context, sweep(l), net::detached);
  }
  co_await c.serve();
}

// One file descriptor kept back: when there are no more, it is given up for as long as it takes to
// accept and close the connection that waits, so that the client hears something at once.
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

// Told and closed at once: the connection was not taken.
void turn_away(socket_type& socket) {
  constexpr std::string_view full =
      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n"
      "Content-Length: 0\r\n\r\n";
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(net::buffer(full), ignored);
}

// Why this connection is not taken; empty: it is, and counts from now on.
std::string_view refusal_of(lane& l, const tcp::endpoint& peer) {
  if (l.seen->open.fetch_add(1) >= l.most.connections) {
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

task<void> accept(lane& l, acceptor_type acceptor) {
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
  std::vector<std::shared_ptr<lane>> lanes;
  std::vector<std::thread> threads;
  std::shared_ptr<traffic> seen;
  tcp::endpoint at;
  bool secure = false;

  void stop() {
    for (auto& l : lanes) l->context.stop();
    for (auto& t : threads) t.join();
    threads.clear();
    // Timers hold replies, which hold the lane: run what is cancelled, so that nothing holds
    // itself.
    for (auto& l : lanes) {
      l->closing = true;
      for (auto* timer : l->timers) timer->cancel();
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
  const auto addresses = std::make_shared<address_limit>(options.limits.connections_per_address);
  const unsigned count = std::max(1u, options.threads);
  for (unsigned i = 0; i < count; ++i) {
    auto l = std::make_shared<lane>();
    l->most = options.limits;
    l->handle = handler;
    l->seen = s->seen;
    l->addresses = addresses;
    l->tls = options.tls;
    if (i == 0 && count > 1) {
      // Two servers could share a port without noticing: the first bind is one that cannot be
      // shared.
      acceptor_type probe(l->context);
      if ((error = listen(probe, s->at, false))) return unavailable(where, error);
      s->at = probe.local_endpoint();
    }
    acceptor_type acceptor(l->context);
    if ((error = listen(acceptor, s->at, count > 1))) return unavailable(where, error);
    s->at = acceptor.local_endpoint();
    net::co_spawn(l->context, accept(*l, std::move(acceptor)), net::detached);
    s->lanes.push_back(std::move(l));
  }
  for (auto& l : s->lanes)
    s->threads.emplace_back([l] {
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
  for (auto& l : state_->lanes) net::post(l->context, [l = l.get(), next] { l->tls = next; });
}

void server::drain(std::chrono::milliseconds longest) {
  for (auto& l : state_->lanes)
    net::post(l->context, [&l = *l] {
      l.closing = true;
      error_code ignored;
      if (l.acceptor != nullptr) l.acceptor->close(ignored);
      for (auto* c : l.connections) c->close_if_idle();
    });
  const auto end = clock::now() + longest;
  while (connections() != 0 && clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  state_->stop();
}

}  // namespace reprise::gateway
