// The commands that are clients of a server, without their parsing: one function per command, which
// returns the exit code. Results go to stdout, everything else to stderr.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gateway/cli/http_client.hpp"

namespace reprise::gateway {

struct client_command {
  std::string server = "http://127.0.0.1:7071";
  std::string key_file;  // with the API key; empty: REPRISE_KEY, if set
  client_tls tls;
  std::string output;  // table, json, ndjson; empty: a table on a terminal, else json

  std::string id;         // of an instance, or of a dead letter
  std::string new_id;     // restart: the new id; empty: a generated one
  std::string name;       // of an orchestration, or of an event
  std::string type, key;  // of an actor
  std::string operation;
  std::string input;  // JSON
  std::string reason;

  std::string prefix, orchestration, state;  // filters of a list
  std::string created_from, created_to, updated_before;
  std::string version, at;  // start: which version; the earliest time
  std::string once;         // idempotency key; empty: none
  std::uint64_t limit = 0;  // entries of a list; 0: all
  // Seconds for an answer, or for the end of an instance when waiting for it; 0: no limit. Nothing: the
  // default of the command.
  std::optional<std::uint64_t> timeout;

  bool wait = false;     // start: wait for the end
  bool history = false;  // status: include the history
  bool with_input = false;
  bool with_state = false;
  bool recursive = false;  // include children
  bool same_id = false;    // restart: keep the id
  bool dry_run = false;    // list what would be purged instead
};

int start(const client_command&);
int status(const client_command&);
int get(const client_command&);
int list(const client_command&);
int wait(const client_command&);
int history(const client_command&);
int why(const client_command&);
int raise(const client_command&);
int terminate(const client_command&);
int suspend(const client_command&);
int resume(const client_command&);
int rewind(const client_command&);
int restart(const client_command&);
int purge(const client_command&);

int call_actor(const client_command&);
int tell_actor(const client_command&);
int get_actor(const client_command&);
int list_actors(const client_command&);
int list_locks(const client_command&);
int unlock_actor(const client_command&);

int list_dead_letters(const client_command&);
int retry_dead_letter(const client_command&);
int drop_dead_letter(const client_command&);

}  // namespace reprise::gateway
