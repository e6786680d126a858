#include "tests/gateway/contract.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <vector>

#include "gateway/json/json_out.hpp"
#include "gateway/wire/target.hpp"
#include "tests/gateway/v1/schema_check.hpp"

namespace reprise::gateway_test {

namespace {

namespace dom = simdjson::dom;

std::vector<std::string> segments_of(std::string_view path) {
  return gateway::parse_target(path).value().segments;
}

std::string lower(std::string_view s) {
  std::string out(s);
  for (auto& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

// How many segments of the path are the target's own words; nothing when it does not lead there.
std::optional<int> words_shared(std::string_view path, const std::vector<std::string>& target) {
  const auto wanted = segments_of(path);
  if (wanted.size() != target.size()) return std::nullopt;
  int words = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool is_event = i == 4 && wanted[3] == "events";  // taken in any case
    if (wanted[i] == (is_event ? lower(target[i]) : target[i])) {
      ++words;
    } else if (!wanted[i].starts_with('{')) {
      return std::nullopt;
    }
  }
  return words;
}

// The operation that serves a request: of several the one whose path says most.
std::optional<dom::element> operation_of(dom::element document, std::string_view method,
                                         const std::vector<std::string>& target) {
  std::optional<dom::element> best;
  int most = -1;
  dom::object paths = document["paths"].get_object();
  for (const auto one : paths) {
    const auto words = words_shared(one.key, target);
    dom::element operation;
    if (!words || *words <= most || one.value[lower(method)].get(operation) != simdjson::SUCCESS)
      continue;
    best = operation;
    most = *words;
  }
  return best;
}

}  // namespace

contract::contract(const std::string& openapi) {
  if (parser_.parse(openapi).get(document_) != simdjson::SUCCESS)
    throw std::runtime_error("the OpenAPI document is no JSON: " + openapi.substr(0, 200));
}

dom::element contract::at(std::string_view pointer) const {
  dom::element found;
  if (document_.at_pointer(pointer).get(found) != simdjson::SUCCESS)
    throw std::runtime_error("the OpenAPI document has no " + std::string(pointer));
  return found;
}

std::string contract::broken_by(std::string_view method, const std::string& target,
                                const raw_answer& answer) const {
  const auto parsed = gateway::parse_target(target);
  const auto operation =
      parsed ? operation_of(document_, method, parsed->segments) : std::optional<dom::element>();
  const auto what = std::string(method) + " " + target + " " + std::to_string(answer.status) + ": ";
  dom::element promised, content, schema, value;
  if (!operation) {
    if (answer.status < 400) return what + "the document has no such operation";
    schema = at("/components/schemas/Problem");
  } else {
    const auto responses = (*operation)["responses"];
    if (responses[std::to_string(answer.status)].get(promised) != simdjson::SUCCESS) {
      if (answer.status < 400) return what + "the document has no such answer";
      promised = responses["default"].value();
    }
    if (std::string_view reference; promised["$ref"].get(reference) == simdjson::SUCCESS)
      promised = at(reference.substr(1));
    if (promised["content"].get(content) != simdjson::SUCCESS)
      return answer.body.empty() ? "" : what + "the document has no body here";
    if (content[answer.field("Content-Type")]["schema"].get(schema) != simdjson::SUCCESS)
      return what + "the document has no " + answer.field("Content-Type");
  }
  std::string json = answer.body;
  if (answer.field("Content-Type").starts_with("text/")) {
    json.clear();
    gateway::append_quoted(json, answer.body);
  }
  dom::parser parser;
  if (parser.parse(json).get(value) != simdjson::SUCCESS) return what + "no JSON: " + answer.body;
  const auto wrong = misfit(document_, schema, value);
  return wrong.empty() ? "" : what + wrong;
}

}  // namespace reprise::gateway_test
