// The tokens of an application: a name, where its secret is, and where that may be sent. A secret is
// read for one attempt, lives on that attempt's stack, and is in no failure's text.

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
  std::string secret;  // the part of it that nobody may see
};

class secrets {
 public:
  // cause::invalid names the token that is wrong. Whether its file is there shows when it is used.
  static result<secrets> open(const std::vector<token>&);

  // The token `name` for a request to `where`; cause::rejected when there is none, when it is not for
  // that host or cannot be read.
  result<credential> read(std::string_view name, const target& where) const;

 private:
  struct entry {
    token what;
    host_list hosts;
  };
  std::vector<entry> entries_;
};

// `text` without the secret, wherever it stands in it.
std::string without(std::string_view secret, std::string text);

}  // namespace reprise::http::internal
