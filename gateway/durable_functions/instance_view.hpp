// Writes one instance as Durable Functions shows it: the status object of GET instances/{id} with its
// history, and the management URLs that answer a start.
//
// A stalled instance, which Durable Functions does not have, is shown as Suspended with an additional
// member `stalled`: what the history has and what the code does. If the orchestration is no longer bound,
// its types are unknown, and input and output are null.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/application.hpp"
#include "gateway/wire/target.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

struct status_view {
  bool history = false;         // showHistory
  bool history_output = false;  // showHistoryOutput
  bool input = true;            // showInput
};

void append_status(std::string& out, const bindings&, const instance_status&, const status_view&);

// Returns the body of a 202 and its statusQueryGetUri, which is the Location too. `base`:
// http://host:port. Each URL has taskHub and connection, from the request or made up, because clients
// append to an existing query. `code`: the signed code of this instance, "" for none; nothing: the
// request's own `code=` is passed on, for a proxy in front.
struct management_urls {
  std::string body, status_url;
};
management_urls urls_of(std::string_view base, std::string_view id, const target& asked,
                        const std::optional<std::string>& code);

}  // namespace reprise::gateway
