#include "runtime/trace_context.hpp"

#include <sys/random.h>

#include <utility>

#include "actors/actor/text.hpp"
#include "runtime/trace_state.hpp"

namespace reprise {
namespace {

// Parses hexadecimal digits; lower case only, as the format demands.
std::optional<std::uint64_t> number_of(std::string_view digits) {
  std::uint64_t n = 0;
  for (const char c : digits) {
    const bool decimal = c >= '0' && c <= '9';
    if (!decimal && (c < 'a' || c > 'f')) return std::nullopt;
    n = n << 4 | static_cast<std::uint64_t>(decimal ? c - '0' : c - 'a' + 10);
  }
  return n;
}

}  // namespace

trace_context new_trace() {
  std::uint64_t chance[2] = {};
  while (::getrandom(chance, sizeof chance, 0) != sizeof chance) {
  }
  return {chance[0], chance[1] | 1, 0, true, nullptr};
}

std::optional<trace_context> read_traceparent(std::string_view text) {
  constexpr std::size_t whole = 55;  // 2, 32, 16 and 2 digits, with dashes between
  if (text.size() < whole || text[2] != '-' || text[35] != '-' || text[52] != '-')
    return std::nullopt;
  const auto version = number_of(text.substr(0, 2));
  const auto high = number_of(text.substr(3, 16)), low = number_of(text.substr(19, 16));
  const auto span = number_of(text.substr(36, 16)), flags = number_of(text.substr(53, 2));
  if (!version || !high || !low || !span || !flags) return std::nullopt;
  if (*version == 0xff || (*version == 0 && text.size() != whole)) return std::nullopt;
  if (text.size() > whole && text[whole] != '-') return std::nullopt;
  const trace_context read{*high, *low, *span, (*flags & 1) != 0, nullptr};
  if (!read || read.span == 0) return std::nullopt;
  return read;
}

std::string traceparent_of(const trace_context& c) {
  std::string text = "00-";
  text.reserve(55);
  (text += trace_id_text(c)) += '-';
  text += span_id_text(c.span);
  return text += c.sampled ? "-01" : "-00";
}

std::optional<trace_context> read_trace(std::string_view traceparent, std::string_view tracestate) {
  auto read = read_traceparent(traceparent);
  if (!read) return read;
  if (auto state = read_tracestate(tracestate); !state.empty())
    read->state = std::make_shared<const std::string>(std::move(state));
  return read;
}

std::string stored_trace(const trace_context& c) {
  auto text = traceparent_of(c);
  if (c.state) text.append(1, ' ').append(*c.state);
  return text;
}

std::optional<trace_context> read_stored_trace(std::string_view text) {
  const auto parent = text.substr(0, text.find(' '));
  text.remove_prefix(parent.size());
  return read_trace(parent, text);
}

std::string trace_id_text(const trace_context& c) {
  return internal::hex(c.high) + internal::hex(c.low);
}

std::string span_id_text(std::uint64_t id) { return internal::hex(id); }

}  // namespace reprise
