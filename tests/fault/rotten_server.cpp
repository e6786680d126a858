#include "tests/fault/rotten_server.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "tests/kill/http_client.hpp"
#include "tests/kill/server_process.hpp"

namespace reprise::fault {

namespace fs = std::filesystem;
using kill::http_client;
using kill::server_process;

namespace {

const std::string durable = "/runtime/webhooks/durabletask/";

// Links in a status hold the port, which is another at every start.
std::string without_links(const std::string& body) {
  const auto output = body.find("\"output\"");
  return output == body.npos ? body : body.substr(output);
}

}  // namespace

rotten_server::rotten_server(std::string program, const std::string& within)
    : program_(std::move(program)), within_(within) {
  fs::create_directories(within + "/sound");
  fs::create_directories(within + "/rotten");
  server_process server(program_, within + "/sound");
  server.start();
  http_client http;
  const auto get = [&](const std::string& path) {
    for (;;) {  // until it has ended; the lane's limit ends a server that never says so
      const auto answer = http.perform(server.port(), {"GET", path});
      if (!answer) throw std::runtime_error("no answer to " + path);
      if (answer->status == 200) return without_links(answer->body);
    }
  };
  for (int i = 0; i < 40; ++i) {
    const auto counter = "/v1/actors/counter/rot-" + std::to_string(i);
    const auto id = "rot-" + std::to_string(i);
    for (int n = 0; n <= i % 3; ++n)
      http.perform(server.port(), {"POST", counter + "/add", "{\"amount\":7}"});
    http.perform(server.port(), {"POST", durable + "orchestrators/hello_cities/" + id, "null"});
    answers_[counter] = get(counter);
    answers_[durable + "instances/" + id] = get(durable + "instances/" + id);
  }
  if (server.stop() != 0) throw std::runtime_error("the sound server did not stop");
}

std::string rotten_server::verdict() const {
  fs::remove(within_ + "/rotten/log");
  server_process server(program_, within_ + "/rotten");
  if (const int status = server.start_or_end(); status != 0) return verdict_of_end(status);
  http_client http;
  std::size_t refused = 0;
  std::string wrong, missing;
  for (const auto& [path, known] : answers_) {
    const auto answer = http.perform(server.port(), {"GET", path});
    if (!answer) return verdict_of_end(server.await_end());
    if (answer->status == 200 && without_links(answer->body) == known) continue;
    const bool says_so =
        answer->status >= 400 && (answer->body.find("damage") != std::string::npos ||
                                  answer->body.find("corrupt") != std::string::npos);
    if (says_so)
      ++refused;
    else if (answer->status == 404)
      missing = path;
    else
      wrong = path + ": " + std::to_string(answer->status) + " " + answer->body;
  }
  const int status = server.stop();
  if (!wrong.empty()) return "FOUND: a wrong answer: " + wrong;
  if (!missing.empty()) return "FOUND: a record is gone: " + missing;
  if (status != 0) return verdict_of_end(status);
  return refused > 0 ? "quarantined, the rest served" : "no effect on any answer";
}

std::string rotten_server::verdict_of_end(int status) const {
  std::ifstream log(within_ + "/rotten/log");
  const std::string said((std::istreambuf_iterator<char>(log)), {});
  if (status > 128) return "FOUND: ended by signal " + std::to_string(status - 128) + ": " + said;
  if (said.find(damaged()) == std::string::npos)
    return "FOUND: ended with " + std::to_string(status) + " and no file named: " + said;
  return status == 1 ? "refused, the file named" : "stopped, the file named";
}

}  // namespace reprise::fault
