// A child process of a test: its arguments, its output, how it ended. Killed if it still runs at
// the end of the test.

#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace reprise::gateway_test {

class process {
 public:
  enum class errors_to { pipe, terminal };  // what its stderr is
  explicit process(std::vector<std::string> arguments, errors_to = errors_to::pipe);
  ~process();

  std::string line();        // the next line of its stdout; "" at the end
  std::string error_line();  // of its stderr
  void signal(int number) const;
  int end();          // waits; its exit status, or 1000 + the signal that ended it
  std::string out();  // the rest of stdout, until it closes
  std::string err();  // all of stderr, until it closes

  process(const process&) = delete;
  process& operator=(const process&) = delete;

 private:
  pid_t child_ = -1;
  int out_ = -1, err_ = -1;
};

}  // namespace reprise::gateway_test
