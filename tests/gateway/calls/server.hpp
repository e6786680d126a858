// An HTTP server inside a test: it answers what it is told to, keeps the requests, and can
// misbehave as real servers do.

#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace reprise::http_test {

struct asked {
  std::string line;  // "POST /orders HTTP/1.1"
  std::string head;  // its fields, as they came
  std::string body;
  std::string field(std::string_view name) const;  // empty: it is not there
  bool has(std::string_view name) const;
};

struct reply {
  enum class manner { answers, drops, hangs };  // drops: closes without a word
  int status = 200;
  std::string fields;  // "Location: /x\r\n"
  std::string body;
  manner how = manner::answers;
};

// Threads: one of its own answers, one connection after the other; `seen` and destruction from outside.
class server {
 public:
  using handler = std::function<reply(const asked&)>;
  // Listens on `address`, at a free port.
  explicit server(handler, const std::string& address = "127.0.0.1");
  // Listens on 127.0.0.1 with TLS, using this certificate and key (PEM).
  server(handler, const std::string& certificate_file, const std::string& key_file);
  ~server();

  unsigned port() const noexcept;
  // "http://127.0.0.1:4711"; append a path.
  std::string url(std::string_view path, std::string_view host = "127.0.0.1") const;
  std::string place(std::string_view host = "127.0.0.1") const;  // "127.0.0.1:4711"
  std::vector<asked> seen() const;                               // so far

 private:
  class site;
  std::unique_ptr<site> site_;
};

// Returns these answers in turn, the last one forever.
server::handler in_turn(std::deque<reply>);

}  // namespace reprise::http_test
