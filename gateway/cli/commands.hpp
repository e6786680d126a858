// What the command line does, without its parsing: one function per command, giving the exit code.
// Results go to stdout, everything else to stderr.

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
  std::vector<std::string> modules;       // shared libraries, each with an application of its own
  std::string data;                       // folder
  bool ephemeral = false;                 // in memory instead
  std::string listen = "127.0.0.1:7071";  // HOST:PORT, [HOST]:PORT
  int port = -1;                          // overrides the port of `listen`
  unsigned workers = 0;                   // of the node; 0: one per core
  unsigned gateway_threads = 1;
  bool insecure = false;                // listen beyond this machine without keys or TLS
  std::vector<std::string> hosts;       // further names of this server
  std::vector<std::string> origins;     // of pages that may send requests beside its own
  std::string keys;                     // file; neither this nor jwks: nobody is asked who he is
  std::string jwks, audience, issuer;   // of tokens: file of keys, what must stand in aud, in iss
  std::string url_secret;               // file; empty: no URLs are signed
  std::uint32_t url_seconds = 604'800;  // how long they open something
  tls_files tls;
  std::string access_log, audit_log;         // files; empty: none
  std::string log_format = "text";           // of stderr: text, json
  std::chrono::milliseconds drain_delay{0};  // served with a red /readyz before it ends
  std::string otlp_endpoint;                 // URL of a collector of traces; empty: none
  std::string service_name = "reprise";
  limits allowed;
};
int serve(const serve_command&, application);

struct store_command {
  std::string folder;    // the data folder
  std::string copy;      // backup: where to; restore: where from
  bool cut = false;      // check
  bool dry_run = false;  // restore: check the backup only
  std::string output;    // table, json or ndjson; "" as everywhere
};
int check_store(const store_command&);
int dump_store(const store_command&);
int back_up_store(const store_command&);
int restore_store(const store_command&);

struct doctor_command {
  std::string data;  // "": none is looked at
  std::string listen = "127.0.0.1:7071";
  std::string server;
  std::string output;  // as client_command::output
};
// exit_failed when something would keep a server from serving.
int examine(const doctor_command&);

struct replay_command {
  std::vector<std::string> modules;
  std::string folder;
  std::string id;      // one instance
  bool all = false;    // every one instead
  std::string output;  // table: a line for people
};
int replay(const replay_command&, const application&);

}  // namespace reprise::gateway
