// The tokens of an application: name, location of the secret, and the hosts that may get it. A secret is
// read for one attempt, is held by that attempt only, and never appears in the text of a failure.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/failure.hpp"
#include "gateway/calls/options.hpp"
#include "gateway/calls/sending/host_list.hpp"

namespace reprise::http::internal {

struct credential {
  std::string field;   // "Authorization"
  std::string value;   // "Bearer ..."
  std::string secret;  // the part of `value` to remove from responses and failures
};

class secrets {
 public:
  // Checks the tokens, but does not read their secrets. Failure: cause::invalid, naming the wrong token.
  static result<secrets> open(const std::vector<token>&);

  // Reads the token `name` for a request to `where`. Failure: cause::rejected: it is not configured, not
  // for this host, or cannot be read.
  result<credential> read(std::string_view name, const target& where) const;

 private:
  struct entry {
    token what;
    host_list hosts;
  };
  std::vector<entry> entries_;
};

// Returns the text with all occurrences of the secret replaced by ***.
std::string without(std::string_view secret, std::string text);

}  // namespace reprise::http::internal
