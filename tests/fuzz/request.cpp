// Any bytes as a request: what the guard lets through, Beast's parser takes too, and in the same sense,
// so that where the server itself reads a body of a told length it loses no second opinion; and a body is
// the same body in however many parts it arrives.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http.hpp>

#include "gateway/server/request_guard.hpp"

using namespace reprise::gateway;
namespace http = boost::beast::http;
using parser = http::request_parser<http::string_body>;

namespace {

// Of both: a body beyond it is refused, by either.
constexpr std::size_t most_body = 1u << 16;

void require(bool held) {
  if (!held) std::abort();
}

struct reading {
  bool refused = false, done = false;
  std::string body;
  std::size_t consumed = 0;
};

// As the server does: the head alone first, then what came behind it, so many bytes at a time; of a
// chunked body no less than five.
reading read(std::string_view head, std::string_view rest, std::size_t at_a_time,
             const request_head& meant) {
  boost::system::error_code error;
  parser p;
  p.header_limit(static_cast<std::uint32_t>(limits().head));
  p.body_limit(most_body);
  p.put(boost::asio::const_buffer(head.data(), head.size()), error);
  require(!error || error == http::error::need_more);
  require(p.is_header_done());
  const auto& request = p.get();
  require(request.method_string() ==
          boost::beast::string_view(meant.method.data(), meant.method.size()));
  // Of a whole URL the guard leaves the path.
  const std::string_view target(request.target().data(), request.target().size());
  require(target.ends_with(meant.target) || (meant.target == "/" && !meant.authority.empty()));
  require(!meant.authority.empty() || target == meant.target);
  require(p.chunked() == meant.chunked);
  if (meant.length) require(p.content_length() && *p.content_length() == *meant.length);
  p.eager(true);
  reading r;
  const std::size_t least = meant.chunked ? 5 : 1;
  for (std::size_t have = std::min(at_a_time, rest.size()); !p.is_done();) {
    const auto piece = rest.substr(r.consumed, have - r.consumed);
    error = {};
    const auto taken = piece.size() < least
                           ? 0
                           : p.put(boost::asio::const_buffer(piece.data(), piece.size()), error);
    require(taken <= piece.size());
    r.consumed += taken;
    if (error && error != http::error::need_more) {
      r.refused = true;
      return r;
    }
    if (taken > 0 && r.consumed < have) continue;
    if (have == rest.size()) break;
    have = std::min(have + at_a_time, rest.size());
  }
  r.done = p.is_done();
  r.body = p.get().body();
  return r;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string copy(reinterpret_cast<const char*>(bytes), size);
  const std::string_view whole = copy;
  const auto end = find_head_end(whole, 0);
  if (end.what != head_end::state::complete) return 0;
  limits allowed;
  allowed.body = most_body;
  request_head meant;
  const auto head = whole.substr(0, end.size), rest = whole.substr(end.size);
  if (guard_request(head, allowed, meant).status != 0) return 0;
  const auto at_once = read(head, rest, rest.size(), meant);
  const auto in_parts = read(head, rest, 1 + rest.size() / 7, meant);
  require(at_once.done == in_parts.done);
  require(at_once.refused || !in_parts.refused);  // in parts it may still wait for more
  if (!at_once.done) return 0;
  require(at_once.body == in_parts.body && at_once.consumed == in_parts.consumed);
  if (meant.length) require(at_once.body == rest.substr(0, *meant.length));
  if (!meant.length && !meant.chunked) require(at_once.consumed == 0 && at_once.body.empty());
  return 0;
}
