// A variable of this process, and so of its children, while this lives; then it is what it was.

#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace reprise::gateway_test {

class environment_variable {
 public:
  environment_variable(const char* name, const char* value) : name_(name) {
    if (const auto* before = ::getenv(name)) before_ = before;
    ::setenv(name, value, 1);
  }
  ~environment_variable() {
    if (before_)
      ::setenv(name_, before_->c_str(), 1);
    else
      ::unsetenv(name_);
  }
  environment_variable(const environment_variable&) = delete;
  environment_variable& operator=(const environment_variable&) = delete;

 private:
  const char* const name_;
  std::optional<std::string> before_;
};

}  // namespace reprise::gateway_test
