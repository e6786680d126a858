#include "gateway/api/instance_json.hpp"

#include "gateway/json/json_in.hpp"
#include "gateway/json/json_out.hpp"
#include "gateway/json/text.hpp"

namespace reprise::gateway {

void append_value(std::string& out, const payload_type* type, const payload& value) {
  if (type == nullptr || !append_json(out, *type, value.bytes())) out += "null";
}

void append_input(std::string& out, const bindings& app, const instance_status& one) {
  const auto* bound = app.find_orchestration(one.orchestration);
  append_value(out, bound != nullptr ? bound->in : nullptr, one.input);
}

void append_custom_status(std::string& out, const instance_status& one) {
  if (one.custom_status.empty()) {
    out += "null";
  } else if (check_json(one.custom_status)) {
    out += one.custom_status;
  } else {
    append_quoted(out, one.custom_status);
  }
}

void append_output(std::string& out, const bindings& app, const instance_status& one) {
  if (!one.outcome) {
    out += "null";
  } else if (*one.outcome) {
    const auto* bound = app.find_orchestration(one.orchestration);
    append_value(out, bound != nullptr ? bound->out : nullptr, **one.outcome);
  } else {
    append_quoted(out, one.outcome->error().text);
  }
}

}  // namespace reprise::gateway
