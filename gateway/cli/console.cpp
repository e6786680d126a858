#include "gateway/cli/console.hpp"

#include <errno.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "actors/fresh_key.hpp"
#include "gateway/json/text.hpp"

namespace reprise::gateway {

namespace {
std::string_view variable(const char* name) noexcept {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}
}  // namespace

std::string_view program_name() noexcept { return ::program_invocation_short_name; }

std::string printed_plainly(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto control = control_length(text);
    const auto size = control > 0 ? control : std::max<std::size_t>(utf8_length(text), 1);
    const auto one = text.substr(0, size);
    if (control == 0 && is_utf8(one))
      out += one;
    else
      out += one == "\n" || one == "\t" ? ' ' : '?';
    text.remove_prefix(size);
  }
  return out;
}

int complain(std::string_view text, int code) {
  std::cerr << program_name() << ": " << visible(text) << std::endl;
  return code;
}

std::string example(std::string_view rest) {
  return std::string("Example: ").append(program_name()).append(" ").append(rest);
}

bool is_terminal(int descriptor) noexcept {
  const auto kind = variable("TERM");
  return ::isatty(descriptor) == 1 && !kind.empty() && kind != "dumb";
}

bool is_decorated(int descriptor) noexcept {
  return is_terminal(descriptor) && variable("NO_COLOR").empty();
}

}  // namespace reprise::gateway
