// `doctor`: finds what on this machine would keep a server from serving well, and gives advice.

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "gateway/cli/commands.hpp"
#include "gateway/cli/console.hpp"
#include "gateway/cli/http_client.hpp"
#include "gateway/cli/printer.hpp"
#include "gateway/json/json_out.hpp"
#include "gateway/json/json_parts.hpp"
#include "gateway/json/text.hpp"
#include "persistence/probe.hpp"
#include "runtime/machine.hpp"

namespace reprise::gateway {

namespace {

using namespace std::chrono_literals;

// Below little_room a server works, with a warning. no_room is the space that a burst of log segments
// takes.
constexpr std::uint64_t little_room = std::uint64_t{5} << 30;
constexpr std::uint64_t no_room = std::uint64_t{512} << 20;
constexpr std::chrono::nanoseconds slow_flush = 20ms;
constexpr std::chrono::nanoseconds incredible_flush = 15us;  // faster than any durable medium
constexpr std::uint64_t little_memory = std::uint64_t{512} << 20;
constexpr rlim_t few_files = 4096;               // connections, segments, tables
constexpr std::uint64_t old_view = 100;          // folds; a backup takes fewer
constexpr std::time_t earliest = 1'735'689'600;  // 2025-01-01: older than this program

enum class verdict { ok, warn, fail };

struct diagnosis {
  std::string_view check;
  verdict is = verdict::ok;
  std::string finding;
  std::string advice = {};
};

std::string_view name_of(verdict v) {
  return v == verdict::ok ? "ok" : v == verdict::warn ? "warn" : "fail";
}

std::string in_gibibytes(std::uint64_t bytes) {
  const auto tenths = bytes * 10 >> 30;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GiB";
}

// Returns the data folder, or its nearest existing parent.
std::string nearest_folder(const std::string& data) {
  auto path = std::filesystem::absolute(data);
  std::error_code error;
  while (!std::filesystem::exists(path, error) && path.has_relative_path())
    path = path.parent_path();
  return path.string();
}

diagnosis look_at_room(std::uint64_t free, std::uint64_t store) {
  const auto text = in_gibibytes(free) + ", the store has " + in_gibibytes(store);
  const std::string advice = "make room: a full disk stops all changes";
  if (free < no_room) return {"free space", verdict::fail, text, advice};
  if (free < little_room) return {"free space", verdict::warn, text, advice};
  if (free < store)
    return {"free space", verdict::warn, text, "make room: no backup fits beside it"};
  return {"free space", verdict::ok, text};
}

// Examines an existing store, also while a server holds it. Reports nothing if there is none yet.
void look_at_store(const std::string& data, std::vector<diagnosis>& found) {
  std::error_code error;
  if (!std::filesystem::exists(data + "/format", error)) return;
  const auto store = persistence::probe_store(data);
  if (!store) {
    found.push_back(
        {"store", verdict::fail, store.error().text,
         "no server can serve from it: see what `store check` finds, or restore a backup"});
    return;
  }
  if (!store->locked_out.empty()) {
    found.push_back({"store", verdict::fail, store->locked_out + " is not this user's to write",
                     "run as its owner, or chown -R the folder: a server could not open it"});
    return;
  }
  found.push_back({"store", verdict::ok, "can be opened"});
  diagnosis readers{"readers", verdict::ok, "nobody keeps old pages of the tables for long"};
  if (store->behind > old_view) {
    readers.is = verdict::warn;
    readers.finding = "process " + std::to_string(store->reader) +
                      " looks at the tables as they were " + std::to_string(store->behind) +
                      " folds ago, so that the file can only grow";
    readers.advice = "end it, unless it is a backup that is under way";
  } else if (store->gone_readers > 0) {
    readers.is = verdict::warn;
    readers.finding = std::to_string(store->gone_readers) +
                      " views of killed processes kept old pages, so that the file could only grow";
    readers.advice = "nothing: they were let go of just now. See who kills backups";
  }
  found.push_back(std::move(readers));
}

void look_at_disk(const std::string& data, std::vector<diagnosis>& found) {
  const auto folder = nearest_folder(data);
  const auto disk = persistence::probe_disk(folder);
  if (!disk) {
    found.push_back({"data folder", verdict::fail, disk.error().text,
                     "name a folder that this user can write with --data"});
    return;
  }
  found.push_back({"data folder", verdict::ok, folder + " can be written"});
  if (disk->is_network)
    found.push_back({"filesystem", verdict::fail, "a network filesystem, which is refused",
                     "use a folder on a local disk"});
  else if (disk->is_memory)
    found.push_back({"filesystem", verdict::warn, "in memory: gone when the machine restarts",
                     "use a folder on a disk, or --ephemeral"});
  else
    found.push_back({"filesystem", verdict::ok, "local"});
  found.push_back(look_at_room(disk->free_bytes, persistence::bytes_below(data)));
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(disk->flush).count();
  diagnosis flush{"flush", verdict::ok, std::to_string(micros) + " us a flush (median)"};
  if (disk->flush > slow_flush) {
    flush.is = verdict::warn;
    flush.advice = "each acknowledgement waits for one: use a quicker disk";
  } else if (disk->flush < incredible_flush && !disk->is_memory) {
    flush.is = verdict::warn;
    flush.advice = "too quick to be true: see that the disk honours flushes";
  }
  found.push_back(std::move(flush));
}

diagnosis look_at_limits() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  const auto text = std::to_string(files.rlim_cur) + " open files";
  if (files.rlim_cur >= few_files) return {"limits", verdict::ok, text};
  return {"limits", verdict::warn, text,
          "raise it: ulimit -n 65536, or LimitNOFILE= of the service"};
}

// Reports the defaults of a node on this machine.
void look_at_machine(std::vector<diagnosis>& found) {
  const auto share = this_machine();
  const auto workers = std::max(2u, share.processors);
  found.push_back({"memory", share.memory < little_memory ? verdict::warn : verdict::ok,
                   in_gibibytes(share.memory) + " (" + share.memory_from +
                       "), a quarter of it for " + "what is resident",
                   share.memory < little_memory ? "give it half a gigabyte or more" : ""});
  found.push_back({"processors", verdict::ok,
                   std::to_string(share.processors) + " (" + share.processors_from + "), " +
                       std::to_string(workers) + " workers: --workers says otherwise"});
}

diagnosis look_at_clock() {
  if (std::time(nullptr) < earliest)
    return {"clock", verdict::fail, "it shows a time before 2025",
            "set it: timers and times of histories follow it"};
  timex state{};
  if (::adjtimex(&state) == TIME_ERROR)
    return {"clock", verdict::warn, "nothing keeps it right",
            "run chrony, ntpd or systemd-timesyncd, unless the host does"};
  return {"clock", verdict::ok, "kept right"};
}

// Checks whether a server could listen on the address.
diagnosis look_at_port(const std::string& listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos)
    return {"port", verdict::fail, listen + " is no HOST:PORT", "write --listen 127.0.0.1:7071"};
  auto host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* all = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), listen.c_str() + colon + 1, &wanted, &all);
      error != 0)
    return {"port", verdict::fail, listen + ": " + ::gai_strerror(error),
            "name an address of this machine"};
  const int s = ::socket(all->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const int error = ::bind(s, all->ai_addr, all->ai_addrlen) == 0 ? 0 : errno;
  ::close(s);
  ::freeaddrinfo(all);
  if (error == 0) return {"port", verdict::ok, listen + " is free"};
  return {"port", verdict::warn, listen + ": " + std::strerror(error),
          error == EADDRINUSE ? "fine if it is the server; else choose another with --listen"
                              : "choose another with --listen"};
}

// Returns whether an answer of /readyz comes from a Reprise server.
bool is_ours(const client_answer& ready) {
  if (ready.status == 200) return ready.body == "ok\n" && ready.content_type == "text/plain";
  return is_json_media(ready.content_type) && !plain_member(ready.body, "code").empty();
}

diagnosis look_at_server(const std::string& url) {
  const auto answer = send({.server = url, .method = "GET", .target = "/readyz", .longest = 5s});
  if (!answer)
    return {"server", verdict::warn, answer.error().text,
            "start one: " + std::string(program_name()) + " serve --data FOLDER"};
  if (!is_ours(*answer))
    return {"server", verdict::warn, "what answers at " + url + " is no server of Reprise",
            "name another one with --server"};
  if (answer->status == 200) return {"server", verdict::ok, url + " is ready"};
  return {"server", verdict::warn, url + " is not ready: " + plain_member(answer->body, "detail"),
          "its log says more"};
}

std::string json_of(const diagnosis& d) {
  std::string row = R"({"check":)";
  append_quoted(row, d.check);
  append_quoted(row += R"(,"verdict":)", name_of(d.is));
  append_quoted(row += R"(,"finding":)", d.finding);
  append_quoted(row += R"(,"advice":)", d.advice);
  return row + '}';
}

}  // namespace

int examine(const doctor_command& c) {
  std::vector<diagnosis> found;
  if (c.data.empty()) {
    found.push_back({"data folder", verdict::warn, "none was looked at", "name it: --data FOLDER"});
  } else {
    look_at_disk(c.data, found);
    look_at_store(c.data, found);
  }
  look_at_machine(found);
  found.push_back(look_at_limits());
  found.push_back(look_at_clock());
  found.push_back(look_at_port(c.listen));
  found.push_back(look_at_server(c.server));
  printer out(output_form_of(c.output), {{"CHECK", {"check"}},
                                         {"VERDICT", {"verdict"}},
                                         {"FINDING", {"finding"}},
                                         {"WHAT TO DO", {"advice"}}});
  for (const auto& one : found) out.add(json_of(one));
  const int printed = out.end();
  const bool ill = std::any_of(found.begin(), found.end(),
                               [](const diagnosis& d) { return d.is == verdict::fail; });
  return ill ? exit_failed : printed;
}

}  // namespace reprise::gateway
