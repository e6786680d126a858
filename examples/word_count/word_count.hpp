// Map and reduce: activities count the words of each text, actors add up the counts.

#pragma once

#include <string>

#include <reprise/reprise.hpp>

#include "examples/word_count/word_count.capnp.h"

namespace examples::word_count {

inline constexpr reprise::activity<std::string, Words> count_words{"word_count.map"};

// Shards the words by their first letters, so that many add at the same time: one actor per shard and run.
inline constexpr reprise::actor<reprise::none> shard{"word_count_shard"};
inline constexpr reprise::operation<reprise::none, Words, reprise::none> add{shard, "add"};
inline constexpr reprise::operation<reprise::none, reprise::none, Words> total{shard, "total"};
inline constexpr reprise::operation<reprise::none, reprise::none, reprise::none> drop{shard,
                                                                                      "drop"};

// Returns {"words":{"the":12,...}}.
inline constexpr reprise::orchestration<Texts, reprise::json> word_count{"word_count"};

void bind(reprise::application&);

}  // namespace examples::word_count
