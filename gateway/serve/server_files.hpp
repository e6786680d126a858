// What a server reads and writes beside its data: keys and certificates, which it reads again on
// SIGHUP, and logs, which it then opens anew.

#pragma once

#include <memory>
#include <string>

#include "gateway/access/authorizer.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/observe/recorded_reply.hpp"
#include "gateway/server/tls.hpp"

namespace reprise::gateway {

bool is_loopback(std::string_view host);

// What is wrong with the command as a whole, and what to do; empty: nothing.
std::string contradiction(const serve_command&, const std::string& host);

struct credentials {
  known_credentials known;  // none: nobody is asked who he is
  tls_settings tls;         // null: plain

  bool asks() const noexcept { return known.keys != nullptr || known.tokens != nullptr; }
};
// cause::invalid, naming the file.
result<credentials> read_credentials(const serve_command&);

// Starts a thread for each log.
result<request_logs> open_logs(const serve_command&);

bool has_files(const serve_command&);

}  // namespace reprise::gateway
