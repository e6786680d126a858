#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <thread>

#include "gateway/internal/commands.hpp"
#include "gateway/internal/http_client.hpp"
#include "gateway/internal/text.hpp"
#include "gateway/json_in.hpp"

namespace reprise::gateway {

namespace {

const std::string management = "/runtime/webhooks/durabletask/";

int complain(const std::string& text, int code) {
  std::cerr << "reprise: " << text << '\n';
  return code;
}

int complain(const failure& f) {
  return complain(f.text, f.why == cause::unavailable ? exit_unavailable : exit_usage);
}

int complain(const client_answer& answer, const std::string& id) {
  std::string text = json_member(answer.body, "Message");
  if (const auto more = json_member(answer.body, "ExceptionMessage"); !more.empty())
    text += ": " + more;
  if (text.empty()) text = json_member(answer.body, "detail");
  switch (answer.status) {
    case 404:
      return complain(text.empty() ? "there is no instance " + id : text, exit_not_found);
    case 409:
      return complain(text, exit_conflict);
    case 410:
      return complain("the instance " + id + " has ended", exit_conflict);
    case 503:
    case 507:
      return complain(text.empty() ? "the server is overloaded" : text, exit_unavailable);
    default:
      break;
  }
  if (json_member(answer.body, "code") == "unknown_outcome")
    return complain(text, exit_unknown_outcome);
  if (text.empty()) text = "the server answered " + std::to_string(answer.status);
  return complain(text, exit_failed);
}

std::string encoded(std::string_view s) {
  std::string out;
  append_percent(out, s);
  return out;
}

std::string instance(const std::string& id) { return management + "instances/" + encoded(id); }

// Prints the outcome of an instance that has ended; its code says how it ended.
int report(const std::string& status_json) {
  const auto state = json_member(status_json, "runtimeStatus");
  const auto output = json_member(status_json, "output");
  if (state == "Failed") return complain("the instance failed: " + output, exit_instance_failed);
  if (state == "Terminated")
    return complain("the instance was terminated: " + output, exit_terminated);
  std::cout << json_text(status_json, "output") << '\n';
  return exit_done;
}

int wait_for(const std::string& server, const std::string& id) {
  using namespace std::chrono_literals;
  for (auto pause = 20ms;; pause = std::min(pause * 2, 1000ms)) {
    const auto answer = send({server, "GET", instance(id), ""});
    if (!answer) return complain(answer.error());
    if (answer->status == 200) return report(answer->body);
    if (answer->status != 202) return complain(*answer, id);
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace

int start(const client_command& c) {
  std::string where = management + "orchestrators/" + encoded(c.name);
  if (!c.id.empty()) where += "/" + encoded(c.id);
  const auto answer = send({c.server, "POST", where, c.input});
  if (!answer) return complain(answer.error());
  if (answer->status != 202) return complain(*answer, c.id);
  const auto id = json_member(answer->body, "id");
  if (c.wait) {
    std::cerr << id << '\n';
    return wait_for(c.server, id);
  }
  std::cout << id << '\n';
  return exit_done;
}

int status(const client_command& c) {
  const auto more = c.history ? "?showHistory=true&showHistoryOutput=true" : "";
  const auto answer = send({c.server, "GET", instance(c.id) + more, ""});
  if (!answer) return complain(answer.error());
  if (answer->status != 200 && answer->status != 202) return complain(*answer, c.id);
  std::cout << answer->body << '\n';
  return exit_done;
}

int raise(const client_command& c) {
  const auto where = instance(c.id) + "/raiseEvent/" + encoded(c.name);
  const auto answer = send({c.server, "POST", where, c.input.empty() ? "null" : c.input});
  if (!answer) return complain(answer.error());
  return answer->status == 202 ? exit_done : complain(*answer, c.id);
}

int terminate(const client_command& c) {
  const auto where = instance(c.id) + "/terminate?reason=" + encoded(c.input);
  const auto answer = send({c.server, "POST", where, ""});
  if (!answer) return complain(answer.error());
  return answer->status == 202 ? exit_done : complain(*answer, c.id);
}

}  // namespace reprise::gateway
