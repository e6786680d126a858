// The name of the program, its messages, and the capabilities of the terminal.

#pragma once

#include <string>
#include <string_view>

namespace reprise::gateway {

// Returns the last part of argv[0]: "reprise", or the name of an application's own program.
std::string_view program_name() noexcept;

// Makes untrusted text safe for one line of a terminal: control characters and invalid UTF-8 become
// question marks, new lines and tabs become spaces.
std::string printed_plainly(std::string_view text);

// Prints "NAME: TEXT" on stderr, with TEXT escaped by visible(). Returns the code.
int complain(std::string_view text, int code);

// Returns "Example: NAME REST", for the help of a command.
std::string example(std::string_view rest);

// Returns whether it is a terminal with escape sequences: TERM is set and not "dumb".
bool is_terminal(int descriptor) noexcept;

// The same, and NO_COLOR is not set.
bool is_decorated(int descriptor) noexcept;

}  // namespace reprise::gateway
