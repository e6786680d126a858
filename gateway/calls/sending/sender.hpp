// The activity reprise.http: what may be asked, by the rules of the application; redirects, each held
// against the same rules; the answer as a value.

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

// Threads: any; not changed after it was made.
class sender {
 public:
  // cause::invalid names the option that is wrong.
  static result<std::shared_ptr<const sender>> open(options);

  result<> run(Request::Reader, Response::Builder, const attempt_context&) const;

 private:
  // One request on its way through redirects.
  struct journey {
    question next;
    target origin;       // whose the fields and the token are
    std::string token;   // its name; empty: none
    std::string secret;  // once it was sent
    std::chrono::steady_clock::time_point deadline;
  };

  result<journey> begin(Request::Reader, const attempt_context&) const;
  result<> check(const target&) const;
  // The fields of the next question: those for where it goes, and the token.
  result<field_list> fields_for(journey&) const;
  result<answer> ask(journey&, const attempt_context&) const;

  options options_;
  host_list hosts_;
  address_rules addresses_;
  secrets secrets_;
};

}  // namespace reprise::http::internal
