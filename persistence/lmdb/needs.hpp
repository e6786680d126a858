// Records what a folder holds that an older program would misread: a meta record "needs/NAME", written by the
// transition that first uses NAME. A program that does not know a name refuses the folder.
//
// They are names, not one rising number. Two turns of one group may each be the first to use
// something, and of two numbers the later write would win even if it is lower. A name also tells a
// person what is unknown.
//
// Format numbers (folder.hpp, frame.hpp, batch.hpp) are for what cannot be read at all: keys,
// frames, the form of a value. Needs are for what can be read but not understood.

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

// The names that this program knows. docs/disk-format.md lists all.
inline constexpr std::array<std::string_view, 0> known_needs{};

struct need {
  std::string name;
  std::string since;  // the version of the program that wrote it; empty: unknown
};

// Returns the needs that are not among `known`, for people: "views (since 0.3.0), tags (since
// 0.4.0)". Nothing if all are known.
std::optional<std::string> unknown_needs(std::span<const need>,
                                         std::span<const std::string_view> known);

// Returns `newer` if the folder has a need that is not among `known_needs`. Only reads: call it
// before the first write. The reader's position must not be above the view's.
result<void> require_known_needs(const std::string& folder, const view&, tables::reader&);
// The same, taking a view first.
result<void> require_known_needs(const std::string& folder, const overlay&, tables&);

}  // namespace reprise::persistence::internal
