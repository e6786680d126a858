// One connection, from its first byte to its last. Only this file and server.cpp include Beast, which
// costs 20 s of compiling.

#include "gateway/server/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <new>
#include <utility>

#include "gateway/json/json_out.hpp"
#include "gateway/server/compression.hpp"
#include "gateway/wire/entity_tag.hpp"
#include "gateway/wire/problem.hpp"
#include "gateway/wire/surface.hpp"

namespace reprise::gateway {

namespace {

constexpr std::size_t max_unread = 64u << 10;    // bytes buffered beyond the largest head
constexpr std::size_t read_at_once = 16u << 10;  // bytes of a body
constexpr std::size_t max_lingering = 1u << 20;  // bytes drained before a connection closes
constexpr std::chrono::milliseconds linger_time = std::chrono::seconds(2);

// The slot of one reply: resumes the waiting coroutine on its I/O thread.
template <class Handler>
class answer_slot final : public reply::slot,
                          public std::enable_shared_from_this<answer_slot<Handler>> {
 public:
  answer_slot(std::shared_ptr<io_thread> l, Handler h)
      : io_thread_(std::move(l)), handler_(std::move(h)) {}
  ~answer_slot() override {
    if (!sent_.exchange(true))
      resume(problem(500, "dropped", "the request was dropped unanswered"), answered::no);
  }

  void send(http_response&& answer) override {
    if (!sent_.exchange(true)) resume(std::move(answer), answered::yes);
  }

  void call_after(std::chrono::milliseconds t, std::function<void()> f) override {
    net::post(io_thread_->context,
              [self = this->shared_from_this(), t, f = std::move(f)]() mutable {
                io_thread& l = *self->io_thread_;
                if (self->sent_) return;
                if (const auto earlier = self->wait_.lock()) earlier->drop();
                if (l.closing) return f();
                const auto wait = std::make_shared<time_limit>(l.context, t, std::move(f));
                self->wait_ = wait;
                l.waits.insert(wait.get());
                wait->timer.async_wait([&l, wait](error_code) {
                  l.waits.erase(wait.get());
                  if (const auto call = std::exchange(wait->call, nullptr)) call();
                });
              });
  }

 private:
  enum class answered { no, yes };

  void resume(http_response&& answer, answered how) {
    // `wait_` may be used on the I/O thread only. A destroyed slot has no timer, because a timer's
    // callback keeps its slot alive. The slot is captured weakly: after the server has stopped, the
    // context runs nothing more, and a strong reference in its queue would form a cycle.
    net::post(io_thread_->context, [handler = std::move(handler_), answer = std::move(answer), how,
                                    &l = *io_thread_, weak = this->weak_from_this()]() mutable {
      if (const auto self = weak.lock())
        if (const auto waiting = self->wait_.lock()) waiting->drop();
      if (how == answered::no && l.closing)
        answer = problem({cause::unavailable, "the server stopped before this was done", true});
      std::move(handler)(std::move(answer));
    });
  }

  std::shared_ptr<io_thread> io_thread_;
  Handler handler_;
  std::atomic<bool> sent_ = false;
  std::weak_ptr<time_limit> wait_;
};

}  // namespace

connection::connection(io_thread& l, socket_type socket, const tcp::endpoint& peer)
    : io_thread_(l),
      stream_(std::move(socket)),
      far_end_(std::make_shared<peer_info>(peer_info{peer.address().to_string(), "", false})),
      is_local_(peer.address().is_loopback()),
      buffer_(l.allowed.head + max_unread) {
  io_thread_.connections.insert(this);
}

connection::~connection() {
  io_thread_.connections.erase(this);
  io_thread_.seen->open.fetch_sub(1);
  if (!is_local_) io_thread_.addresses->leave(far_end_->peer);
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

void connection::cut() {
  expired_ = true;
  error_code ignored;
  stream_.socket().cancel(ignored);
}

std::string_view connection::buffered() const {
  return {static_cast<const char*>(buffer_.data().data()), buffer_.size()};
}

template <class Ask>
task<http_response> connection::answer_of(Ask ask) {
  auto initiate = [this](auto handler, Ask asked) {
    const reply answer(std::make_shared<answer_slot<decltype(handler)>>(
        io_thread_.shared_from_this(), std::move(handler)));
    try {
      asked(answer);
    } catch (const std::bad_alloc&) {
      answer(problem({cause::overloaded, "there is no memory for this request now", true}));
    } catch (const std::exception& e) {
      answer(problem(500, "internal", e.what()));
    }
  };
  const net::use_awaitable_t<executor> token;
  auto answer = net::async_initiate<const net::use_awaitable_t<executor>&, void(http_response)>(
      std::move(initiate), token, std::move(ask));
  co_return co_await std::move(answer);
}

task<void> connection::serve() {
  if (io_thread_.tls != nullptr && co_await shake_hands() == progress::stop) co_return;
  for (;;) {
    if (co_await read_head() == progress::stop) break;
    const bool whole = !parser_ && take_length();  // most bodies arrive with their head
    if (!whole && co_await read_body() == progress::stop) break;
    deadline(std::nullopt);  // the handler has its own limits
    const auto ask = [this](const reply& answer) {
      io_thread_.handle(std::move(*request_), answer);
    };
    auto answer = co_await answer_of(ask);
    if (co_await write(answer) == progress::stop) break;
  }
}

// Performs the TLS handshake. If the first byte is not that of a TLS record, the client speaks plain
// HTTP, and is answered in plain HTTP so that it sees why.
task<connection::progress> connection::shake_hands() {
  constexpr char handshake_record = 0x16;
  const auto tls = io_thread_.tls;
  if (io_thread_.closing) co_return progress::stop;
  deadline(io_thread_.allowed.handshake_deadline);
  char first = 0;
  idle_ = true;
  const auto byte = net::buffer(&first, 1);
  const auto [none, count] =
      co_await stream_.socket().async_receive(byte, net::socket_base::message_peek, awaited);
  idle_ = false;
  if (none || expired_) co_return progress::stop;
  if (first != handshake_record) {
    io_thread_.seen->refused.add("tls");
    co_await refuse(400, "this port speaks TLS: use https");
    co_return progress::stop;
  }
  const auto [error] = co_await stream_.async_handshake(tls, awaited);
  if (error || expired_) {
    io_thread_.seen->refused.add("tls");
    co_return progress::stop;
  }
  far_end_ =
      std::make_shared<peer_info>(peer_info{far_end_->peer, stream_.peer_certificate(), true});
  co_return progress::go_on;
}

task<connection::progress> connection::read_head() {
  std::size_t looked = 0;
  const auto& allowed = io_thread_.allowed;
  request_.reset();
  is_head_ = false;
  deadline(buffer_.size() == 0 ? allowed.idle_deadline : allowed.head_deadline);
  for (;;) {
    const auto end = find_head_end(buffered(), looked);
    if (end.what == head_end::state::broken) {
      co_await refuse(400, "malformed request");
      co_return progress::stop;
    }
    if (end.what == head_end::state::complete) {
      request_head head;
      const auto refusal = guard_request(buffered().substr(0, end.size), allowed, head);
      is_head_ = head.method == "HEAD";
      if (refusal.status != 0) {
        co_await refuse(refusal.status, refusal.why);
        co_return progress::stop;
      }
      take_head(head);
      parser_.reset();
      if (head.chunked) {
        // Beast parses the chunks, so it needs the head before them.
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(allowed.head));
        parser_->body_limit(allowed.body);
        error_code error;
        parser_->put(net::const_buffer(buffer_.data().data(), end.size), error);
        if (error) {
          co_await refuse(400, "malformed request");
          co_return progress::stop;
        }
      }
      buffer_.consume(end.size);
      co_return progress::go_on;
    }
    if (buffer_.size() > allowed.head) {
      co_await refuse(431, "the header is larger than this server takes: serve --max-head");
      co_return progress::stop;
    }
    looked = end.size;
    idle_ = buffer_.size() == 0;
    if (idle_ && io_thread_.closing) co_return progress::stop;
    const auto room = buffer_.prepare(4096);
    const auto [error, count] = co_await stream_.async_read_some(room, awaited);
    const bool first = std::exchange(idle_, false);
    if (expired_) {
      if (!first)
        co_await refuse_late("the header did not come in the time of serve --head-seconds");
      co_return progress::stop;
    }
    if (error) co_return progress::stop;
    buffer_.commit(count);
    if (first) deadline(allowed.head_deadline);
  }
}

void connection::take_head(const request_head& head) {
  using field = known_field;
  const auto first = [&](std::string& to, field f) {
    if (head.has(f)) to = head.find(f);
  };
  const auto all = [&](std::string& to, field f) {
    if (head.has(f)) to = head.list(f);
  };
  auto& asked = request_.emplace();
  asked.method = is_head_ ? "GET" : head.method;
  asked.wants_head_only = is_head_;
  asked.target = head.target;
  asked.host = head.host;
  first(asked.content_type, field::content_type);
  first(asked.idempotency_key, field::idempotency_key);
  asked.has_idempotency_key = head.has(field::idempotency_key);
  all(asked.content_encoding, field::content_encoding);
  first(asked.origin, field::origin);
  asked.has_origin = head.has(field::origin);
  first(asked.continuation_token, field::continuation_token);
  all(asked.prefer, field::prefer);
  all(asked.if_match, field::if_match);
  all(asked.if_none_match, field::if_none_match);
  first(asked.last_event_id, field::last_event_id);
  takes_gzip_ = head.has(field::accept_encoding) && takes_gzip(head.list(field::accept_encoding));
  // Two traceparents are joined by a comma, which read_trace() rejects.
  if (head.has(field::traceparent))
    asked.trace = read_trace(head.list(field::traceparent), head.list(field::tracestate))
                      .value_or(trace_context{});
  if (head.has(field::authorization)) {
    asked.has_credential = credential_field::authorization;
    asked.credential = head.find(field::authorization);
  } else if (head.has(field::functions_key)) {
    asked.has_credential = credential_field::functions_key;
    asked.credential = head.find(field::functions_key);
  }
  asked.from = far_end_;
  length_ = head.length.value_or(0);
  expects_continue_ = head.expects_continue;
  keep_alive_ = head.keep_alive;
  says_keep_alive_ = head.says_keep_alive;
}

// Moves the buffered part of a body with Content-Length to the request. Returns whether it is complete.
bool connection::take_length() {
  auto& body = request_->body;
  const auto there = buffered().substr(0, length_ - body.size());
  body += there;
  buffer_.consume(there.size());
  return body.size() == length_;
}

task<error_code> connection::read_length() {
  while (!take_length()) {
    const auto room = buffer_.prepare(read_at_once);
    const auto [failed, count] = co_await stream_.async_read_some(room, awaited);
    if (failed) co_return failed;
    buffer_.commit(count);
  }
  co_return error_code();
}

// Reads a chunked body. The parser is fed only while at least 5 bytes are buffered: when Beast has
// read the last chunk's `0\r\n`, it asserts that the next two bytes come together, and a single one
// aborted the process. A chunked body ends with at least 5 bytes (`0\r\n\r\n`), so this never waits
// for bytes that do not come.
task<error_code> connection::read_chunks() {
  constexpr std::size_t last_chunk = 5;
  parser_->eager(true);
  while (!parser_->is_done()) {
    error_code error;
    if (buffer_.size() >= last_chunk) {
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
  request_->body = std::move(parser_->get().body());
  co_return error_code();
}

task<connection::progress> connection::read_body() {
  const auto& allowed = io_thread_.allowed;
  deadline(allowed.body_deadline);
  if (expects_continue_ && buffer_.size() == 0 && request_->body.empty()) {
    const auto go_on = net::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25);
    const auto [error, count] = co_await net::async_write(stream_, go_on, awaited);
    if (error) co_return progress::stop;
  }
  auto limit_extension = [&](std::uint64_t, boost::core::string_view extension, error_code& error) {
    if (extension.size() > allowed.chunk_extension) error = http::error::bad_chunk_extension;
  };
  error_code error;
  if (parser_) {
    parser_->on_chunk_header(limit_extension);
    error = co_await read_chunks();
  } else {
    error = co_await read_length();
  }
  if (expired_) {
    co_await refuse_late("the body did not come in the time of serve --body-seconds");
    co_return progress::stop;
  }
  if (error == http::error::body_limit) {
    co_await refuse(413, "the body is larger than this server takes: serve --max-body");
    co_return progress::stop;
  }
  if (error == http::error::partial_message || error == http::error::end_of_stream)
    co_return progress::stop;
  if (error && error.category() == http::make_error_code(http::error::bad_value).category()) {
    co_await refuse(400, "malformed body");
    co_return progress::stop;
  }
  if (error) co_return progress::stop;
  co_return progress::go_on;
}

void connection::append_head(std::string& out, const http_response& answer) const {
  using namespace std::string_view_literals;
  const auto now = std::time(nullptr);
  if (now != io_thread_.fixed_second || io_thread_.fixed_fields.empty()) {
    char date[40];
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    io_thread_.fixed_fields = "\r\nDate: " + std::string(date) +
                              "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n";
    io_thread_.fixed_second = now;
  }
  out += "HTTP/1.1 "sv;
  append_number(out, std::uint64_t{answer.status});
  out += ' ';
  const auto reason = http::obsolete_reason(http::int_to_status(answer.status));
  out.append(reason.data(), reason.size());
  out += io_thread_.fixed_fields;
  if (!answer.content_type.empty())
    out.append("Content-Type: "sv).append(answer.content_type).append("\r\n"sv);
  for (const auto& [name, value] : answer.fields) {
    assert(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    out.append(name).append(": "sv).append(value).append("\r\n"sv);
  }
  if (!keep_alive_)
    out += "Connection: close\r\n"sv;
  else if (says_keep_alive_)
    out += "Connection: keep-alive\r\n"sv;
  if (answer.status != 204 && answer.status != 304 && !answer.more) {
    out += "Content-Length: "sv;
    append_number(out, std::uint64_t{answer.body.size()});
    out += "\r\n"sv;
  }
  out += "\r\n"sv;
}

// Compresses the body if the client accepts gzip. A strong ETag names the bytes that are sent, so the
// compressed body gets a tag of its own, which entity_tag.hpp recognises; a weak tag would be useless
// for If-Match. Yields to the other connections of this thread between two pieces.
task<void> connection::compress(http_response& answer) const {
  answer.fields.emplace_back("Vary", "Accept-Encoding");
  if (!takes_gzip_) co_return;
  gzip_writer packed(answer.body.size());
  for (std::string_view rest = answer.body; !rest.empty();) {
    const auto piece = rest.substr(0, gzip_writer::piece);
    packed.append(piece);
    rest.remove_prefix(piece.size());
    if (!rest.empty()) co_await net::post(io_thread_.context, awaited);
  }
  answer.body = packed.finish();
  answer.fields.emplace_back("Content-Encoding", "gzip");
  for (auto& [name, value] : answer.fields)
    if (name == "ETag") value = gzip_tag(std::move(value));
}

task<connection::progress> connection::write(http_response& answer) {
  if (!answer.more && answer.body.size() >= least_compressed) co_await compress(answer);
  if (io_thread_.closing || answer.more) keep_alive_ = false;
  deadline(io_thread_.allowed.write_deadline);
  std::string head;
  head.reserve(512 + answer.body.size());
  append_head(head, answer);
  if (is_head_)
    answer.more = nullptr;
  else
    head += answer.body;
  answer.body = std::string();  // a slow reader holds one copy of the body, not two
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

// Writes a streamed body, holding one piece in memory at a time. Ends after the current piece when the
// server drains.
task<connection::progress> connection::write_rest(std::function<void(const reply&)> more) {
  while (more && !io_thread_.closing) {
    deadline(std::nullopt);
    auto piece = co_await answer_of(std::move(more));
    if (piece.status >= 400) break;
    more = std::move(piece.more);
    if (piece.body.empty()) continue;
    deadline(io_thread_.allowed.write_deadline);
    const auto [error, count] =
        co_await net::async_write(stream_, net::buffer(piece.body), awaited);
    if (error || expired_) co_return progress::stop;
  }
  co_return progress::go_on;
}

task<void> connection::refuse(unsigned status, std::string_view why) {
  keep_alive_ = false;
  io_thread_.seen->refused.add(status_code(status));
  // Without a request the bytes of the head are still in the buffer.
  const std::string_view target =
      request_ ? std::string_view(request_->target) : asked_target(buffered());
  http_response answer = surface_of_raw(target).refusal(status, status_code(status), why);
  if (status == 405) answer.fields.emplace_back("Allow", served_methods);
  co_await write(answer);
}

task<void> connection::refuse_late(std::string_view why) {
  if (io_thread_.closing)
    co_await refuse(503, "the server is stopping, and this did not come in time: nothing was done");
  else
    co_await refuse(408, why);
}

// Drains what the peer still sends before the connection closes: closing with unread bytes resets it,
// and the peer could lose the response. After close_notify, bytes are drained undecrypted.
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

}  // namespace reprise::gateway
