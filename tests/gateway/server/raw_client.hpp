// A client that sends exactly the given bytes and shows exactly what came back. Blocking: a server
// that never answers is caught by the test's time limit.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reprise::gateway_test {

struct raw_answer {
  unsigned status = 0;
  std::string head, body;
  std::string field(std::string_view name) const;  // "" when absent
};

class raw_client {
 public:
  explicit raw_client(std::uint16_t port);
  virtual ~raw_client();

  raw_client& send(std::string_view bytes);
  raw_client& end();               // no more bytes will be sent
  raw_answer answer();             // the next one; status 0 when the connection ended instead
  std::vector<raw_answer> rest();  // all until the server closes
  std::string until(
      std::string_view end);  // what comes, up to and with it; less when it is closed first
  bool closed();              // the server has closed, and sent nothing before that

  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

 protected:
  // Like ::send and ::recv: return how many bytes; zero or less at the end.
  virtual std::ptrdiff_t write(std::string_view bytes);
  virtual std::ptrdiff_t read(char* into, std::size_t most);
  int socket() const { return socket_; }

 private:
  bool fill();
  int socket_ = -1;
  std::string buffer_;
};

// Returns a request with a Host, a length and `Connection: close`; `fields` are whole lines with CRLF.
raw_answer ask(std::uint16_t port, std::string_view method, std::string_view target,
               std::string_view body = "", std::string_view fields = "");

}  // namespace reprise::gateway_test
