#include "gateway/server/compression.hpp"

#include <cassert>
#include <new>
#include <utility>

#include "gateway/json/text.hpp"

namespace reprise::gateway {

namespace {

// Returns whether the parameters of an element (";q=0", ";q=0.00") refuse it.
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

gzip_writer::gzip_writer(std::size_t size) {
  constexpr int largest_window = 15, with_gzip_header = 16, default_memory = 8;
  if (deflateInit2(&stream_, Z_BEST_SPEED, Z_DEFLATED, largest_window + with_gzip_header,
                   default_memory, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  try {
    out_.resize(deflateBound(&stream_, size));
  } catch (...) {
    deflateEnd(&stream_);
    throw;
  }
}

gzip_writer::~gzip_writer() { deflateEnd(&stream_); }

// deflate() never runs out of room: `out_` has the size of the largest possible result.
void gzip_writer::append(std::string_view text, int flush) {
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream_.avail_in = static_cast<uInt>(text.size());
  stream_.next_out = reinterpret_cast<Bytef*>(out_.data()) + stream_.total_out;
  stream_.avail_out = static_cast<uInt>(out_.size() - stream_.total_out);
  deflate(&stream_, flush);
  assert(stream_.avail_in == 0);
}

void gzip_writer::append(std::string_view text) { append(text, Z_NO_FLUSH); }

std::string gzip_writer::finish() {
  append({}, Z_FINISH);
  out_.resize(stream_.total_out);
  return std::move(out_);
}

std::string gzip(std::string_view plain) {
  gzip_writer all(plain.size());
  all.append(plain);
  return all.finish();
}

}  // namespace reprise::gateway
