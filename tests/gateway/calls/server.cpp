#include "tests/gateway/calls/server.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <mutex>
#include <optional>
#include <thread>

namespace reprise::http_test {

namespace asio = boost::asio;
using asio::ip::tcp;

std::string asked::field(std::string_view name) const {
  const auto same = [](char a, char b) { return std::tolower(a) == std::tolower(b); };
  for (std::size_t at = 0; at < head.size();) {
    const auto end = std::min(head.find("\r\n", at), head.size());
    const auto one = std::string_view(head).substr(at, end - at);
    if (one.size() > name.size() && one[name.size()] == ':' &&
        std::equal(name.begin(), name.end(), one.begin(), same)) {
      const auto first = one.find_first_not_of(' ', name.size() + 1);
      return first == one.npos ? "" : std::string(one.substr(first));
    }
    at = end + 2;
  }
  return "";
}

bool asked::has(std::string_view name) const { return !field(name).empty(); }

class server::site {
 public:
  site(handler answers, const std::string& address, std::optional<asio::ssl::context> tls = {})
      : answers_(std::move(answers)),
        tls_(std::move(tls)),
        listens_(context_, tcp::endpoint(asio::ip::make_address(address), 0)),
        port_(listens_.local_endpoint().port()),
        serves_([this] { serve(); }) {}
  ~site() {
    ::shutdown(listens_.native_handle(), SHUT_RDWR);  // wakes the accept
    serves_.join();
  }

  unsigned port() const noexcept { return port_; }
  std::vector<asked> seen() const {
    std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  void serve() {
    for (;;) {
      boost::system::error_code error;
      tcp::socket peer(context_);
      listens_.accept(peer, error);
      if (error) return;
      if (tls_)
        hear_by_tls(peer);
      else if (hear(peer))
        held_.push_back(std::move(peer));
    }
  }

  void hear_by_tls(tcp::socket& peer) {
    boost::system::error_code error;
    asio::ssl::stream<tcp::socket&> secured(peer, *tls_);
    secured.handshake(asio::ssl::stream_base::server, error);
    if (!error) hear(secured);
  }

  // True: it is left without an answer until the server is gone.
  template <class Stream>
  bool hear(Stream& peer) {
    boost::system::error_code error;
    std::string bytes;
    const auto head_end =
        asio::read_until(peer, asio::dynamic_buffer(bytes), std::string("\r\n\r\n"), error);
    if (error) return false;
    asked what;
    const auto line_end = bytes.find("\r\n");
    what.line = bytes.substr(0, line_end);
    what.head = bytes.substr(line_end + 2, head_end - line_end - 4);
    what.body = bytes.substr(head_end);
    const auto size = what.field("content-length");
    std::size_t length = 0;
    std::from_chars(size.data(), size.data() + size.size(), length);
    if (const auto have = what.body.size(); have < length) {
      what.body.resize(length);
      asio::read(peer, asio::buffer(what.body.data() + have, length - have), error);
    }
    {
      std::lock_guard lock(mutex_);
      seen_.push_back(what);
    }
    const auto says = answers_(what);
    if (says.how == reply::manner::hangs) return true;
    if (says.how == reply::manner::drops) return false;
    const auto text = "HTTP/1.1 " + std::to_string(says.status) + " As Told\r\n" + says.fields +
                      "Content-Length: " + std::to_string(says.body.size()) +
                      "\r\nConnection: close\r\n\r\n" + says.body;
    asio::write(peer, asio::buffer(text), error);
    return false;
  }

  handler answers_;
  std::optional<asio::ssl::context> tls_;
  asio::io_context context_;
  tcp::acceptor listens_;
  const unsigned port_;
  mutable std::mutex mutex_;
  std::vector<asked> seen_;
  std::vector<tcp::socket> held_;  // the server's thread only
  std::thread serves_;
};

server::server(handler answers, const std::string& address)
    : site_(std::make_unique<site>(std::move(answers), address)) {}
server::server(handler answers, const std::string& certificate_file, const std::string& key_file) {
  asio::ssl::context tls(asio::ssl::context::tls_server);
  tls.use_certificate_file(certificate_file, asio::ssl::context::pem);
  tls.use_private_key_file(key_file, asio::ssl::context::pem);
  site_ = std::make_unique<site>(std::move(answers), "127.0.0.1", std::move(tls));
}
server::~server() = default;
unsigned server::port() const noexcept { return site_->port(); }
std::vector<asked> server::seen() const { return site_->seen(); }
std::string server::place(std::string_view host) const {
  return std::string(host) + ':' + std::to_string(port());
}
std::string server::url(std::string_view path, std::string_view host) const {
  return "http://" + place(host) + std::string(path);
}

server::handler in_turn(std::deque<reply> all) {
  return [all = std::move(all)](const asked&) mutable {
    auto next = all.front();
    if (all.size() > 1) all.pop_front();
    return next;
  };
}

}  // namespace reprise::http_test
