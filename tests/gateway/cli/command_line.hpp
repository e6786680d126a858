// Runs the command line for a test: a program to its end, or a server until the test ends.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/gateway/process.hpp"
#include "tests/gateway/until.hpp"

namespace reprise::gateway_test {

using strings = std::vector<std::string>;

struct finished {
  int code;
  std::string out, err;
};
finished run_other(const std::string& program, strings arguments);
finished run(const strings& arguments);  // the program of these tests

bool contains(std::string_view text, std::string_view part);

struct folder {
  folder();
  ~folder();
  folder(const folder&) = delete;
  std::string path;
};

// A server of the test application on a free port.
struct serving {
  explicit serving(const strings& more = {"--ephemeral"},
                   const std::string& program = REPRISE_TEST_PROGRAM);
  std::uint16_t port() const;
  finished client(strings arguments) const;  // a command that asks this server
  // Waits until the instance has set its custom status, because a start is answered before the code
  // of the instance has run.
  void begun(const std::string& id) const;

  process child;
  std::string url;
};

}  // namespace reprise::gateway_test
