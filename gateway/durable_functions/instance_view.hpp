// One instance as Durable Functions shows it: the status object of GET instances/{id}, its folded
// history, and the payload of management URLs that answers a start.
//
// A stalled instance, which Durable Functions does not know, shows as Suspended with one more
// member `stalled`: what the history says and what the code does. An instance whose code is no
// longer bound has no types: its input and output show as null.

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

void append_status(std::string& out, const application&, const instance_status&,
                   const status_view&);

// The body of a 202 and, as Location, its statusQueryGetUri. `base` is http://host:port. Each URL has
// taskHub and connection, of the request or made up, because clients append to the query that they
// expect; and a code when the request had one, for what stands in front. `code` opens this instance and
// stands for that of the request; empty: there is none.
struct management_urls {
  std::string body, status_url;
};
management_urls urls_of(std::string_view base, std::string_view id, const target& asked,
                        const std::optional<std::string>& code);

}  // namespace reprise::gateway
