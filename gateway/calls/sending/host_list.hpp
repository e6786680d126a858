// The hosts that may be asked, or that a token may be sent to: patterns of options::hosts.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/failure.hpp"

namespace reprise::http::internal {

class target;

class host_list {
 public:
  // cause::invalid names the pattern that is none.
  static result<host_list> parse(const std::vector<std::string>& patterns);

  bool empty() const noexcept { return patterns_.empty(); }
  bool contains(const target&) const;

 private:
  struct pattern {
    std::string host;   // in lower case; "" for any; ".example.com" for every name below it
    unsigned port = 0;  // 0: the scheme's own
    bool any_port = false;
  };
  static bool read(std::string_view text, pattern&);
  std::vector<pattern> patterns_;
};

}  // namespace reprise::http::internal
