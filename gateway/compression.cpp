#include "gateway/internal/compression.hpp"

#include <zlib.h>

#include <new>

#include "gateway/internal/text.hpp"

namespace reprise::gateway {

namespace {

// The rest of an element behind its name: ";q=0", ";q=0.00" and the like refuse it.
bool is_refused(std::string_view parameters) noexcept {
  const auto q = parameters.find_first_of("qQ");
  if (q == std::string_view::npos) return false;
  const auto value = trimmed(parameters.substr(q + 1));
  return value.starts_with('=') && value.find_first_of("123456789") == std::string_view::npos;
}

}  // namespace

bool takes_gzip(std::string_view accepted) noexcept {
  bool any = false;
  while (!accepted.empty()) {
    const auto end = accepted.find(',');
    const auto element = accepted.substr(0, end);
    accepted.remove_prefix(end == std::string_view::npos ? accepted.size() : end + 1);
    const auto semicolon = element.find(';');
    const auto name = trimmed(element.substr(0, semicolon));
    const bool refused =
        semicolon != std::string_view::npos && is_refused(element.substr(semicolon));
    if (same_ignoring_case(name, "gzip") || same_ignoring_case(name, "x-gzip")) return !refused;
    if (name == "*") any = !refused;
  }
  return any;
}

std::string gzip(std::string_view plain) {
  constexpr int largest_window = 15, with_gzip_header = 16, default_memory = 8;
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, largest_window + with_gzip_header,
                   default_memory, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  std::string out;
  try {
    out.resize(deflateBound(&stream, plain.size()));
  } catch (...) {
    deflateEnd(&stream);
    throw;
  }
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);  // ends in one step: `out` is as large as it can get
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace reprise::gateway
