// Where a page of a list ended, as a token that its reader gives back and need not understand.
//
// It names the last entry that was seen, so a list goes on behind it although entries came and went
// meanwhile, also in another process. It is no secret and no promise: filters are not part of it.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace reprise::gateway {

// Of which list: a token of one is not taken by another.
enum class cursor_kind : char {
  instances = 'i',
  actors = 'a',
  entities = 'e',
  dead_letters = 'd',
  history = 'h',
  locks = 'l'
};

// URL-safe. The end of a list, an empty place, is an empty token.
std::string cursor_of(cursor_kind, std::string_view place);
// The place; that of the beginning for an empty token; nothing when it is no token of that list.
std::optional<std::string> read_cursor(cursor_kind, std::string_view token);

}  // namespace reprise::gateway
