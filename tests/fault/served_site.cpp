#include "tests/fault/served_site.hpp"

#include <poll.h>

#include <cstdlib>
#include <filesystem>
#include <utility>

namespace reprise::fault {

namespace fs = std::filesystem;

namespace {

const std::string counter = "/v1/actors/counter/kept";
const std::string management = "/runtime/webhooks/durabletask/";

}  // namespace

served_site::served_site(std::string program, const std::string& at, folder what)
    : server(std::move(program), at) {
  if (what == folder::keep) return;
  fs::remove_all(at);
  fs::create_directories(at);
}

void served_site::start_within(__rlimit_resource_t what, rlim_t most) {
  rlimit ours{};
  ::getrlimit(what, &ours);
  const rlimit its{most, ours.rlim_max};
  ::setrlimit(what, &its);
  try {
    server.start();
  } catch (...) {
    ::setrlimit(what, &ours);
    throw;
  }
  ::setrlimit(what, &ours);
}

void served_site::restart() {
  server.kill_now();
  server.start();
}

int served_site::add() {
  const auto answer = http_.perform(server.port(), {"POST", counter + "/add", "{\"amount\":1}"});
  if (answer && answer->status == 200) ++acknowledged_;
  if (!answer) ++unknown_;
  return answer ? answer->status : 0;
}

bool served_site::kept() {
  const auto answer = http_.perform(server.port(), {"GET", counter});
  if (!answer || answer->status != 200) return false;
  const auto value = std::strtoull(kill::member(answer->body, "value").c_str(), nullptr, 10);
  const bool fits = value >= acknowledged_ && value <= acknowledged_ + unknown_;
  acknowledged_ = value;
  unknown_ = 0;
  return fits;
}

int served_site::start_instance(const std::string& orchestration, const std::string& id,
                                const std::string& input) {
  const auto answer = http_.perform(
      server.port(), {"POST", management + "orchestrators/" + orchestration + "/" + id, input});
  return answer ? answer->status : 0;
}

kill::reply served_site::look(const std::string& id) { return get(management + "instances/" + id); }

kill::reply served_site::get(const std::string& path) {
  const auto answer = http_.perform(server.port(), {"GET", path});
  return answer ? *answer : kill::reply{};
}

std::string served_site::outcome_of(const std::string& id) {
  for (;;) {  // the lane's limit ends one that never ends
    const auto seen = look(id);
    if (seen.status == 200) return kill::member(seen.body, "outcome");
    if (seen.status != 202) return "status " + std::to_string(seen.status);
    ::poll(nullptr, 0, 20);
  }
}

}  // namespace reprise::fault
