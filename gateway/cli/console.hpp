// The program as its user sees it: what it is called, and what his terminal can show.

#pragma once

#include <string>
#include <string_view>

namespace reprise::gateway {

// The last part of argv[0]: "reprise", or the name of an application's own program.
std::string_view program_name() noexcept;

// What a terminal would take for a command, or what would disorder its line, becomes a question mark, a new
// line a blank.
std::string printed_plainly(std::string_view text);

// "NAME: TEXT" on stderr, TEXT made visible (text.hpp); gives the code.
int complain(std::string_view text, int code);

// "Example: NAME REST", for the help of a command.
std::string example(std::string_view rest);

// A terminal that knows escape sequences: TERM is set, and is not "dumb".
bool is_terminal(int descriptor) noexcept;

// The same, and nobody asked for plain text with NO_COLOR.
bool is_decorated(int descriptor) noexcept;

}  // namespace reprise::gateway
