// A server to treat badly, and one client that keeps count of what it was told.

#pragma once

#include <sys/resource.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/kill/http_client.hpp"
#include "tests/kill/server_process.hpp"

namespace reprise::fault {

class served_site {
 public:
  enum class folder { make, keep };  // an empty one, or what is there
  served_site(std::string program, const std::string& at, folder = folder::make);

  // Starts it with a bound of what it may use (RLIMIT_NOFILE, ...), or with ours.
  void start_within(__rlimit_resource_t what, rlim_t most);
  void start() { server.start(); }
  // SIGKILL, and it starts again.
  void restart();

  // An add of one: its status, 0 without an answer. Acknowledged ones are counted.
  int add();
  // Is the counter what was acknowledged, with the unanswered ones or without?
  bool kept();
  int start_instance(const std::string& orchestration, const std::string& id,
                     const std::string& input);
  // Of an instance: its status line and body.
  kill::reply look(const std::string& id);
  kill::reply get(const std::string& path);
  std::string outcome_of(const std::string& id);  // waits until it has ended
  bool runs() const;                              // the process is there

  kill::server_process server;

 private:
  kill::http_client http_;
  std::uint64_t acknowledged_ = 0, unknown_ = 0;
};

}  // namespace reprise::fault
