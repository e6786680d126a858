// Any bytes as the head of a request: however they arrive the head ends at the same place, and what
// the guard lets through has one meaning.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/json/text.hpp"
#include "gateway/server/request_guard.hpp"

using namespace reprise::gateway;

namespace {

void require(bool held) {
  if (!held) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string copy(reinterpret_cast<const char*>(bytes), size);
  const std::string_view whole = copy;
  const auto at_once = find_head_end(whole, 0);
  head_end in_parts;
  for (std::size_t have = 0; have <= whole.size(); have += 1 + have / 3) {
    in_parts = find_head_end(whole.substr(0, have), in_parts.size);
    if (in_parts.what != head_end::state::needs_more) break;
  }
  if (in_parts.what == head_end::state::needs_more) in_parts = find_head_end(whole, in_parts.size);
  require(in_parts.what == at_once.what);
  if (at_once.what != head_end::state::complete) return 0;
  require(at_once.size <= whole.size() && in_parts.size == at_once.size);
  request_head head;
  const auto head_bytes = whole.substr(0, at_once.size);
  if (guard_request(head_bytes, limits(), head).status != 0) return 0;
  require(!(head.chunked && head.length));
  require(!head.target.empty());
  require(head.target.front() == '/' || (head.target == "*" && head.method == "OPTIONS"));
  // A whole URL names the host that Host does, so that it is the same to whoever looks at one of them.
  if (!head.authority.empty()) {
    require(same_ignoring_case(head.authority, head.host));
    const auto given = head.find("Host");  // HTTP/1.0 may have none
    require(given.empty() || same_ignoring_case(given, head.authority));
    const auto line = head_bytes.substr(0, head_bytes.find("\r\n"));
    const auto url = line.find("://");
    require(url != line.npos && line.substr(url + 3).starts_with(head.authority));
    require(line.find(' ') + 8 >= url);  // nothing but a method and a scheme before it
  }
  require(head.host.find_first_of("@/\\,% \t") == head.host.npos);
  for (const char c : head.target) require(c > 0x20 && c < 0x7f);
  require(head_bytes.find("\r\n ") == head_bytes.npos &&
          head_bytes.find("\r\n\t") == head_bytes.npos);
  return 0;
}
