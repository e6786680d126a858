#include "gateway/internal/console.hpp"

#include <errno.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

namespace reprise::gateway {

namespace {
std::string_view variable(const char* name) noexcept {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}
}  // namespace

std::string_view program_name() noexcept { return ::program_invocation_short_name; }

std::string printed_plainly(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool second_of_c1 =
        c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (second_of_c1) text.replace(i, 2, "?");
    if (c < 0x20 || c == 0x7f) text[i] = c == '\n' || c == '\t' ? ' ' : '?';
  }
  return text;
}

int complain(std::string_view text, int code) {
  std::cerr << program_name() << ": " << printed_plainly(std::string(text)) << std::endl;
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
