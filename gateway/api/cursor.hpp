// A cursor into a list: an opaque token that a client sends back to get the next page.
//
// It names the last entry of the page, so the list continues behind it even if entries were added or
// removed meanwhile, also in another process. It is not secret, and it does not contain the filters:
// the client repeats them.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace reprise::gateway {

// The list that a cursor belongs to. Other lists refuse it.
enum class cursor_kind : char {
  instances = 'i',
  actors = 'a',
  entities = 'e',
  dead_letters = 'd',
  history = 'h',
  locks = 'l'
};

// Returns a URL-safe token for `place`; "" for an empty place, which is the end of a list.
std::string cursor_of(cursor_kind, std::string_view place);
// Returns the place of a token; "", the beginning, for an empty token; nothing if it is not a token of
// this list.
std::optional<std::string> read_cursor(cursor_kind, std::string_view token);

}  // namespace reprise::gateway
