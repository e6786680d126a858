// The command line as a shell and a manual know it, written from the parser's own tree: what is not in
// there cannot be completed or described, and what is cannot be forgotten.

#pragma once

#include <string>
#include <string_view>

#include <CLI/App.hpp>

namespace reprise::gateway {

// A script for bash, zsh or fish that completes `program`; "" for another shell.
std::string completion_script(const CLI::App&, const std::string& program, std::string_view shell);

// One manual page of section 1, in the language of man(7).
std::string manual_page(const CLI::App&, const std::string& program, std::string_view version);

}  // namespace reprise::gateway
