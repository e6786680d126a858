#include "runtime/trace_state.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace reprise {
namespace {

constexpr std::size_t most_members = 32;
constexpr std::size_t most_characters = 512;
constexpr std::size_t long_member = 128;  // removed first
constexpr std::size_t longest_key = 256;
constexpr std::size_t longest_value = 256;

using members = std::vector<std::string_view>;

std::string_view trimmed(std::string_view text) noexcept {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

bool is_first(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Level 2 syntax: tenant and system, separated by one @, use the same characters.
bool is_key(std::string_view text) noexcept {
  return !text.empty() && text.size() <= longest_key && is_first(text.front()) &&
         std::count(text.begin(), text.end(), '@') <= 1 && !text.ends_with('@') &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_first(c) || c == '_' || c == '-' || c == '*' || c == '/' || c == '@';
         });
}

bool is_value(std::string_view text) noexcept {
  return !text.empty() && text.size() <= longest_value &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != ',' && c != '='; });
}

std::string_view key_of(std::string_view member) noexcept {
  return member.substr(0, member.find('='));
}

bool is_member(std::string_view text) noexcept {
  const auto key = key_of(text);
  return key.size() < text.size() && is_key(key) && is_value(text.substr(key.size() + 1));
}

std::size_t length_of(const members& all) noexcept {
  std::size_t sum = all.empty() ? 0 : all.size() - 1;  // commas
  for (const auto one : all) sum += one.size();
  return sum;
}

void shorten(members& all) {
  for (auto i = all.size(); i-- > 0 && length_of(all) > most_characters;)
    if (all[i].size() > long_member) all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
  while (length_of(all) > most_characters) all.pop_back();
}

}  // namespace

std::string read_tracestate(std::string_view text) {
  members all;
  while (!text.empty()) {
    const auto end = text.find(',');
    const auto one = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (one.empty()) continue;
    const auto same = [&](std::string_view other) { return key_of(other) == key_of(one); };
    if (!is_member(one) || std::any_of(all.begin(), all.end(), same)) return {};
    all.push_back(one);
    if (all.size() > most_members) return {};
  }
  shorten(all);
  std::string read;
  for (const auto one : all) (read += read.empty() ? "" : ",") += one;
  return read;
}

}  // namespace reprise
