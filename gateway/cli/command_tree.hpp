// Generates shell completion and the manual page from the parser's command tree, so that they contain
// exactly the commands that exist.

#pragma once

#include <string>
#include <string_view>

#include <CLI/App.hpp>

namespace reprise::gateway {

// Returns a script for bash, zsh or fish that completes `program`; "" for another shell.
std::string completion_script(const CLI::App&, const std::string& program, std::string_view shell);

// Returns a manual page of section 1, in man(7) macros.
std::string manual_page(const CLI::App&, const std::string& program, std::string_view version);

}  // namespace reprise::gateway
