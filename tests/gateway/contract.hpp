// Compares the server's answers with the OpenAPI document of the served application.

#pragma once

#include <string>
#include <string_view>

#include <simdjson.h>

#include "tests/gateway/server/raw_client.hpp"

namespace reprise::gateway_test {

class contract {
 public:
  explicit contract(const std::string& openapi);

  // Returns why the answer does not match the document; "" if it does.
  std::string broken_by(std::string_view method, const std::string& target,
                        const raw_answer& answer) const;

  // Returns what the document has at a JSON pointer.
  simdjson::dom::element at(std::string_view pointer) const;
  simdjson::dom::element all() const { return document_; }

  contract(const contract&) = delete;
  contract& operator=(const contract&) = delete;

 private:
  simdjson::dom::parser parser_;
  simdjson::dom::element document_;
};

}  // namespace reprise::gateway_test
