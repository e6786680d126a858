// The files of a server other than its data: keys and certificates, which it reads again on SIGHUP, and
// logs, which it reopens then.

#pragma once

#include <memory>
#include <string>

#include "gateway/access/authorizer.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/observe/recorded_reply.hpp"
#include "gateway/server/tls.hpp"

namespace reprise::gateway {

bool is_loopback(std::string_view host);

// Returns why the options do not fit together, and what to do; "" if they do.
std::string contradiction(const serve_command&, const std::string& host);

struct credentials {
  known_credentials known;  // empty: no authentication
  tls_settings tls;         // null: plain

  bool asks() const noexcept { return known.keys != nullptr || known.tokens != nullptr; }
};
// Reads the files. Failure: cause::invalid, naming the file.
result<credentials> read_credentials(const serve_command&);

// Opens the logs. Each has a thread.
result<request_logs> open_logs(const serve_command&);

// Returns whether there are files that SIGHUP can mean.
bool has_files(const serve_command&);

}  // namespace reprise::gateway
