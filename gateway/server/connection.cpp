// One connection, from its first byte to its last. With server.cpp the only file that includes Beast: it
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
    // `wait_` belongs to the lane's thread. A slot that is gone has none: what waits holds it. Not held
    // here: a lane whose server has ended runs nothing, and would hold itself.
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
    const bool whole = !parser_ && take_length();  // most come with their head
    if (!whole && co_await read_body() == progress::stop) break;
    deadline(std::nullopt);  // the handler has limits of its own
    const auto ask = [this](const reply& answer) {
      io_thread_.handle(std::move(*request_), answer);
    };
    auto answer = co_await answer_of(ask);
    if (co_await write(answer) == progress::stop) break;
  }
}

// The first byte tells who takes this for a port that speaks plain HTTP: he is told in his tongue.
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
        // Beast reads the chunks, and so the head before them.
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
  // Two traceparents are one line with a comma in it, which is none.
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

// Of a body that told its length, what is there. True: that is all of it.
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

// Beast's own reading of a body asserts that a last chunk of which it has seen `0` and a line's end
// comes with two bytes more at once: one byte more ended the process. No chunked body has less than
// five bytes to come before its end, so the parser is not asked before there are as many.
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

// A strong ETag names the bytes as they are sent, and those of gzip are others: they have a tag of their
// own, which entity_tag.hpp knows again. A weak one would be of no use to If-Match.
// Others of this thread have their turn between two pieces.
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
  answer.body = std::string();  // of a client that does not read, it is there once
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
  // No head was taken: its bytes are still there.
  const std::string_view target =
      request_ ? std::string_view(request_->target) : asked_target(buffered());
  http_response answer = refusal(target, status, status_code(status), why);
  if (status == 405) answer.fields.emplace_back("Allow", served_methods);
  co_await write(answer);
}

task<void> connection::refuse_late(std::string_view why) {
  if (io_thread_.closing)
    co_await refuse(503, "the server is stopping, and this did not come in time: nothing was done");
  else
    co_await refuse(408, why);
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

}  // namespace reprise::gateway
