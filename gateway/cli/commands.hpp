// The commands, without their parsing: one function per command, which returns the exit code. Results
// go to stdout, everything else to stderr. The client commands are in client_commands.hpp.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "actors/application.hpp"
#include "gateway/limits.hpp"
#include "gateway/server/tls.hpp"

namespace reprise::gateway {

enum exit_code : int {
  exit_done = 0,
  exit_failed = 1,
  exit_usage = 2,
  exit_instance_failed = 3,
  exit_terminated = 4,
  exit_timed_out = 5,
  exit_not_found = 6,
  exit_conflict = 7,
  exit_not_allowed = 8,
  exit_unavailable = 9,
  exit_diverged = 10,
  exit_unknown_outcome = 70,
};

struct serve_command {
  std::vector<std::string> modules;       // shared libraries, each with an application
  std::string data;                       // data folder
  bool ephemeral = false;                 // in memory instead of a folder
  std::string listen = "127.0.0.1:7071";  // HOST:PORT, [HOST]:PORT
  int port = -1;                          // overrides the port of `listen`
  unsigned workers = 0;                   // threads of the node; 0: one per core
  unsigned gateway_threads = 1;
  bool insecure = false;                // allow other machines without keys or TLS
  std::vector<std::string> hosts;       // additional names of this server
  std::vector<std::string> origins;     // other origins whose pages may send requests
  std::string keys;                     // keys file; without keys and jwks: no authentication
  std::string jwks, audience, issuer;   // tokens: file of keys, required aud, required iss
  std::string url_secret;               // file; empty: URLs are not signed
  std::uint32_t url_seconds = 604'800;  // lifetime of signed URLs
  tls_files tls;
  std::string access_log, audit_log;         // files; empty: none
  std::string log_format = "text";           // on stderr: text, json
  std::chrono::milliseconds drain_delay{0};  // from /readyz answering 503 to the shutdown
  std::string otlp_endpoint;                 // URL of a trace collector; empty: none
  std::string service_name = "reprise";
  limits allowed;
};
int serve(const serve_command&, application);

struct store_command {
  std::string folder;    // the data folder
  std::string copy;      // backup: the target; restore: the source
  bool cut = false;      // check: truncate a damaged log
  bool dry_run = false;  // restore: only check the backup
  std::string output;    // as client_command::output
};
int check_store(const store_command&);
int dump_store(const store_command&);
int back_up_store(const store_command&);
int restore_store(const store_command&);

struct doctor_command {
  std::string data;  // "": no folder is examined
  std::string listen = "127.0.0.1:7071";
  std::string server;
  std::string output;  // as client_command::output
};
// Examines this machine. Returns exit_failed if something would prevent a server from serving.
int examine(const doctor_command&);

struct replay_command {
  std::vector<std::string> modules;
  std::string folder;
  std::string id;      // one instance, or
  bool all = false;    // all instances
  std::string output;  // json, ndjson; anything else: lines for people
};
// Replays histories against the code of the application.
int replay(const replay_command&, const bindings&);

}  // namespace reprise::gateway
