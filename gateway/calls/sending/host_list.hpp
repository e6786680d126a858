// A list of host patterns (see options::hosts): the allowed hosts, or the hosts of a token.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/failure.hpp"

namespace reprise::http::internal {

class target;

class host_list {
 public:
  // Failure: cause::invalid, naming the wrong pattern.
  static result<host_list> parse(const std::vector<std::string>& patterns);

  bool empty() const noexcept { return patterns_.empty(); }
  bool contains(const target&) const;

 private:
  struct pattern {
    std::string host;   // in lower case; "" matches any; ".example.com" matches all names below it
    unsigned port = 0;  // 0: the default port of the scheme
    bool any_port = false;
  };
  static bool read(std::string_view text, pattern&);
  std::vector<pattern> patterns_;
};

}  // namespace reprise::http::internal
