// Map and reduce: activities count the words of each text, actors add up what they found.

#pragma once

#include <string>

#include "actors/reprise.hpp"
#include "examples/word_count/word_count.capnp.h"

namespace examples::word_count {

inline constexpr reprise::activity<std::string, Words> count_words{"word_count.map"};

// Words by their first letters, so that many add at once: one actor a shard and run.
inline constexpr reprise::actor<reprise::none> shard{"word_count_shard"};
inline constexpr reprise::operation<reprise::none, Words, reprise::none> add{shard, "add"};
inline constexpr reprise::operation<reprise::none, reprise::none, Words> total{shard, "total"};
inline constexpr reprise::operation<reprise::none, reprise::none, reprise::none> drop{shard,
                                                                                      "drop"};

// Gives {"words":{"the":12,...}}.
inline constexpr reprise::orchestration<Texts, reprise::json> word_count{"word_count"};

void bind(reprise::application&);

}  // namespace examples::word_count
