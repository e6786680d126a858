// Any text as a value of a payload's type: refused, or read, and then shown and read again it is the
// same.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/json/json_in.hpp"
#include "gateway/json/json_out.hpp"
#include "tests/fuzz/values.capnp.h"

using namespace reprise;
using namespace reprise::gateway;

namespace {

void require(bool held) {
  if (!held) std::abort();
}

const payload_type& values() {
  static const payload_type type = [] {
    payload_type t;
    t.kind = payload_kind::structure;
    t.schema = capnp::Schema::from<fuzz::Values>();
    t.name = "values.capnp:Values";
    return t;
  }();
  return type;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  static_cast<void>(check_json(text));
  const auto read = read_json(values(), text);
  std::string shown;
  if (!read) {
    // The bytes of a payload that someone else made.
    static_cast<void>(append_json(shown, values(), text));
    return 0;
  }
  require(!!append_json(shown, values(), read->bytes()));
  const auto again = read_json(values(), shown);
  require(!!again);
  std::string shown_again;
  require(!!append_json(shown_again, values(), again->bytes()));
  require(shown == shown_again);
  return 0;
}
