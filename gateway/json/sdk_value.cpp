#include "gateway/json/sdk_value.hpp"

#include "gateway/json/json_in.hpp"

namespace reprise::gateway {

result<payload> read_sdk_value(const payload_type& type, std::string_view body) {
  const bool takes_string = type.kind != payload_kind::none && type.kind != payload_kind::structure;
  return read_json(type, body == R"("")" && !takes_string ? "" : body);
}

}  // namespace reprise::gateway
