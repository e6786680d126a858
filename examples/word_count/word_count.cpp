#include "examples/word_count/word_count.hpp"

#include <cctype>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "examples/checked.hpp"
#include "examples/ledger.hpp"

namespace examples::word_count {
namespace {

constexpr std::size_t shards = 4;
constexpr std::size_t longest = 100;  // longest word that counts, in bytes: words are entry keys

constexpr const char* shipped[] = {
    "To take up again where one left off: that is what an actor does after a crash.",
    "What is written is written. What is not written never happened, and nobody has seen it.",
    "The log is the truth; the tables are only where the truth is kept when it has grown old."};

using counts = std::map<std::string, std::uint64_t>;

// Counts words of letters and digits, in lower case; bytes beyond ASCII belong to words unchanged.
counts words_of(const std::string& text) {
  counts found;
  std::string word;
  for (const char c : text + ' ') {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || std::isalnum(byte) != 0) {
      if (word.size() < longest) word += static_cast<char>(byte < 0x80 ? std::tolower(byte) : byte);
    } else if (!word.empty()) {
      ++found[std::exchange(word, {})];
    }
  }
  return found;
}

void fill(Words::Builder out, const counts& from) {
  auto list = out.initWords(static_cast<unsigned>(from.size()));
  unsigned i = 0;
  for (const auto& [word, count] : from) {
    list[i].setWord(word);
    list[i++].setCount(count);
  }
}

reprise::result<> map_text(std::string text, Words::Builder out, reprise::attempt_context& here) {
  note("word_count.map", here);
  fill(out, words_of(text));
  return reprise::done;
}

// A table, not a state: counting one more word is one small write, however many there are.
struct word_shard {
  reprise::table<std::string, std::uint64_t> words{"words"};

  reprise::result<reprise::none> add_all(Words::Reader in) {
    for (auto one : in.getWords()) {
      auto before = words.find(one.getWord());
      const auto count = sum(before ? **before : 0, one.getCount());
      if (!count) return reprise::reject("a count does not fit in 64 bits");
      words.put(one.getWord(), *count);
    }
    return reprise::none{};
  }
  reprise::result<> give_total(Words::Builder out) const {
    counts all;
    for (auto& [word, count] : words.scan()) all.emplace(word, *count);
    fill(out, all);
    return reprise::done;
  }
  reprise::result<reprise::none> drop_all(reprise::turn& here) {
    here.erase();
    return reprise::none{};
  }
};

std::size_t shard_of(const std::string& word) {
  return static_cast<unsigned char>(word.front()) % shards;
}

std::string quoted(const std::string& word) { return '"' + word + '"'; }  // words need no escaping

// An activity counts each text; each shard is told its part of the counts, then asked for its total.
reprise::task<reprise::json> run_word_count(reprise::value<Texts> texts) {
  std::vector<reprise::call<Words>> maps;
  for (auto text : texts->getTexts()) maps.push_back(count_words(text));
  if (maps.empty())
    for (const auto* text : shipped) maps.push_back(count_words(std::string(text)));
  auto mapped = co_await reprise::all(std::move(maps));

  auto run = co_await reprise::unique_id();
  std::vector<counts> parts(shards);
  for (const auto& one : mapped)
    for (auto entry : one->getWords())
      parts[shard_of(reprise::text_of(entry.getWord()))][reprise::text_of(entry.getWord())] +=
          entry.getCount();
  std::vector<reprise::call<reprise::none>> adds;
  for (std::size_t i = 0; i < shards; ++i)
    adds.push_back(add(run + "." + std::to_string(i), [&](auto in) { fill(in, parts[i]); }));
  co_await reprise::all(std::move(adds));

  std::vector<reprise::call<Words>> totals;
  for (std::size_t i = 0; i < shards; ++i) totals.push_back(total(run + "." + std::to_string(i)));
  auto found = co_await reprise::all(std::move(totals));
  counts all;
  for (const auto& one : found)
    for (auto entry : one->getWords()) all[reprise::text_of(entry.getWord())] += entry.getCount();
  for (std::size_t i = 0; i < shards; ++i) {
    auto forget = drop(run + "." + std::to_string(i));
    co_await reprise::tell(forget);
  }

  std::string text = R"({"words":{)";
  for (const auto& [word, count] : all)
    text += (text.back() == '{' ? "" : ",") + quoted(word) + ":" + std::to_string(count);
  co_return reprise::json(text + "}}");
}

}  // namespace

void bind(reprise::application& app) {
  app.bind(count_words, map_text)
      .bind(add, &word_shard::add_all)
      .bind(total, &word_shard::give_total)
      .bind(drop, &word_shard::drop_all)
      .bind(word_count, run_word_count);
}

}  // namespace examples::word_count
