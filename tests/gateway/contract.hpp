// The OpenAPI document of a served application, held against what the server really answers.

#pragma once

#include <string>
#include <string_view>

#include <simdjson.h>

#include "tests/gateway/server/raw_client.hpp"

namespace reprise::gateway_test {

class contract {
 public:
  explicit contract(const std::string& openapi);

  // Why the answer is none that the document promises; "" when it is one.
  std::string broken_by(std::string_view method, const std::string& target,
                        const raw_answer& answer) const;

  // What the document says at a JSON pointer.
  simdjson::dom::element at(std::string_view pointer) const;
  simdjson::dom::element all() const { return document_; }

  contract(const contract&) = delete;
  contract& operator=(const contract&) = delete;

 private:
  simdjson::dom::parser parser_;
  simdjson::dom::element document_;
};

}  // namespace reprise::gateway_test
