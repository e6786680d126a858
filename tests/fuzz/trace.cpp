// Any two lines as traceparent and tracestate: read, or none. What is read is short, fit for a field of a
// request, and read again as what it was, also out of a record.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "runtime/trace_context.hpp"
#include "runtime/trace_state.hpp"

using namespace reprise;

namespace {

void require(bool held) {
  if (!held) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto parent = text.substr(0, text.find('\n'));
  const auto state = text.substr(std::min(text.size(), parent.size() + 1));
  const auto said = read_tracestate(state);
  require(said.size() <= 512);
  require(std::count(said.begin(), said.end(), ',') < 32);
  require(std::all_of(said.begin(), said.end(), [](char c) { return c >= ' ' && c <= '~'; }));
  require(read_tracestate(said) == said);
  static_cast<void>(read_stored_trace(text));
  const auto read = read_trace(parent, state);
  require(read.has_value() == read_traceparent(parent).has_value());
  if (!read) return 0;
  require(*read && read->span != 0 && read->state_text() == said);
  require(traceparent_of(*read).size() == 55);
  require(read_trace(traceparent_of(*read), said) == read);
  require(read_stored_trace(stored_trace(*read)) == read);
  return 0;
}
