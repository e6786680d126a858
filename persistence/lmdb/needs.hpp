// What a folder holds that an older program would misread: a record of meta, "needs/NAME", which the
// transition writes that uses NAME first. A program that does not know a name leaves the folder alone.
//
// They are names and not one number that only rises. Two turns of one group may each be the first to
// use something, and of two numbers the later write would win, also when it is the lower. A name also
// tells a person what it is that is not known.
//
// Numbers of formats (folder.hpp, frame.hpp, batch.hpp) are for what cannot even be read: keys,
// frames, the form of a value. Needs are for what can be read and not understood.

#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "persistence/errc.hpp"
#include "persistence/lmdb/tables.hpp"
#include "persistence/memtable/overlay.hpp"

namespace reprise::persistence::internal {

inline constexpr std::string_view need_prefix = "needs/";  // of the record's name in meta

// The names that this program knows: docs/disk-format.md has them all.
inline constexpr std::array<std::string_view, 0> known_needs{};

struct need {
  std::string name;
  std::string since;  // the version of the program that wrote it; empty: not known
};

// Those that are not among `known`, as a person reads them: "views (since 0.3.0), tags (since 0.4.0)".
// Nothing when all of them are.
std::optional<std::string> unknown_needs(std::span<const need>,
                                         std::span<const std::string_view> known);

// `newer` when the folder needs what is not among `known_needs`. Only reads: it comes before the first
// write. The reader's position is not above the view's.
result<void> require_known_needs(const std::string& folder, const view&, tables::reader&);
// The same for who has not begun to look.
result<void> require_known_needs(const std::string& folder, const overlay&, tables&);

}  // namespace reprise::persistence::internal
