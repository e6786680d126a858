// The activity reprise.http: checks a request against the rules of the application, sends it, follows
// redirects under the same rules, and returns the response as a value.

#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "actors/attempt_context.hpp"
#include "gateway/calls/http.capnp.h"
#include "gateway/calls/options.hpp"
#include "gateway/calls/sending/addresses.hpp"
#include "gateway/calls/sending/exchange.hpp"
#include "gateway/calls/sending/host_list.hpp"
#include "gateway/calls/sending/secrets.hpp"

namespace reprise::http::internal {

// Threads: any; immutable.
class sender {
 public:
  // Failure: cause::invalid, naming the wrong option.
  static result<std::shared_ptr<const sender>> open(options);

  result<> run(Request::Reader, Response::Builder, const attempt_context&) const;

 private:
  // One request on its way through redirects.
  struct journey {
    question next;
    target origin;       // the origin that may get all fields and the token
    std::string token;   // its name; empty: none
    std::string secret;  // set once the token has been sent
    std::chrono::steady_clock::time_point deadline;
  };

  result<journey> begin(Request::Reader, const attempt_context&) const;
  result<> check(const target&) const;
  // Returns the fields that the next request may carry to its origin, with the token if it may.
  result<field_list> fields_for(journey&) const;
  result<answer> ask(journey&, const attempt_context&) const;

  options options_;
  host_list hosts_;
  address_rules addresses_;
  secrets secrets_;
};

}  // namespace reprise::http::internal
