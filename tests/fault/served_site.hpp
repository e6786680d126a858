// A server under bad conditions, and one client that counts what was acknowledged.

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
  enum class folder { make, keep };  // an empty one, or the existing one
  served_site(std::string program, const std::string& at, folder = folder::make);

  // Starts it with a resource limit (RLIMIT_NOFILE, ...), or with ours.
  void start_within(__rlimit_resource_t what, rlim_t most);
  void start() { server.start(); }
  // Kills it with SIGKILL and starts it again.
  void restart();

  // Adds one; returns the status, 0 without an answer. Counts acknowledged adds.
  int add();
  // Returns whether the counter equals the acknowledged adds, plus any of the unanswered ones.
  bool kept();
  int start_instance(const std::string& orchestration, const std::string& id,
                     const std::string& input);
  // Returns the status line and the body of an instance.
  kill::reply look(const std::string& id);
  kill::reply get(const std::string& path);
  std::string outcome_of(const std::string& id);  // waits until it has ended
  bool runs() const;                              // the process exists

  kill::server_process server;

 private:
  kill::http_client http_;
  std::uint64_t acknowledged_ = 0, unknown_ = 0;
};

}  // namespace reprise::fault
