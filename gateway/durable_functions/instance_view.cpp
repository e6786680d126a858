#include "gateway/durable_functions/instance_view.hpp"

#include "gateway/api/instance_json.hpp"
#include "gateway/durable_functions/history_view.hpp"
#include "gateway/json/text.hpp"
#include "gateway/json/time_text.hpp"

namespace reprise::gateway {

namespace {

std::string_view name_of(instance_state state) noexcept {
  switch (state) {
    case instance_state::running:
      return "Running";
    case instance_state::completed:
      return "Completed";
    case instance_state::failed:
      return "Failed";
    case instance_state::terminated:
      return "Terminated";
    case instance_state::pending:
      return "Pending";
    case instance_state::suspended:
    case instance_state::stalled:
      return "Suspended";
  }
  return "Running";
}

// Appends taskHub, connection and code. The query is never empty, because clients append
// `&showHistory=true` and the like. taskHub and connection have no meaning here.
void append_parameters(std::string& url, const target& asked,
                       const std::optional<std::string>& code) {
  const auto add = [&](std::string_view name, std::string_view text) {
    url += url.find('?') == std::string::npos ? '?' : '&';
    url += name;
    url += '=';
    append_percent(url, text);
  };
  const auto given = [&](std::string_view name) {
    const auto* value = asked.find(lower(name));
    return value != nullptr ? std::string_view(*value) : "";
  };
  const auto hub = given("taskHub"), connection = given("connection");
  add("taskHub", hub.empty() ? "Reprise" : hub);
  add("connection", connection.empty() ? "Storage" : connection);
  // With a signed code the request's own code, which may be a key, is not passed on.
  const auto shown = code ? std::string_view(*code) : given("code");
  if (!shown.empty()) add("code", shown);
}

// Appends the progress of running activities; nothing if none has reported any.
void append_progress(std::string& out, const std::vector<activity_status>& running) {
  bool any = false;
  for (const auto& one : running) {
    if (one.progress.empty()) continue;
    out += any ? "," : R"(,"progress":[)";
    any = true;
    out += R"({"activity":)";
    append_quoted(out, one.name);
    out += R"(,"attempt":)" + std::to_string(one.attempt) + R"(,"value":)" + one.progress + '}';
  }
  if (any) out += ']';
}

}  // namespace

void append_status(std::string& out, const bindings& app, const instance_status& one,
                   const status_view& view) {
  out += R"({"name":)";
  append_quoted(out, one.orchestration);
  out += R"(,"instanceId":)";
  append_quoted(out, one.id);
  out += R"(,"runtimeStatus":)";
  append_quoted(out, name_of(one.state));
  out += R"(,"input":)";
  if (view.input) {
    append_input(out, app, one);
  } else {
    out += "null";
  }
  out += R"(,"customStatus":)";
  append_custom_status(out, one);
  out += R"(,"output":)";
  append_output(out, app, one);
  out += R"(,"createdTime":")";
  append_time(out, one.created, precision::seconds);
  out += R"(","lastUpdatedTime":")";
  append_time(out, one.updated, precision::seconds);
  out += '"';
  append_progress(out, one.activities);
  if (one.state == instance_state::stalled) {
    out += R"(,"stalled":)";
    append_quoted(out, one.finding);
  }
  if (view.history && one.state != instance_state::pending) {
    out += R"(,"historyEvents":)";
    append_history(out, app, one.history, view);
  }
  out += '}';
}

management_urls urls_of(std::string_view base, std::string_view id, const target& asked,
                        const std::optional<std::string>& code) {
  std::string instance(base);
  instance += "/runtime/webhooks/durabletask/instances/";
  append_percent(instance, id);
  management_urls urls;
  auto& out = urls.body;
  out += R"({"id":)";
  append_quoted(out, id);
  const auto add = [&](std::string_view name, std::string_view rest) {
    std::string url = instance + std::string(rest);
    append_parameters(url, asked, code);
    if (name == "statusQueryGetUri") {
      if (asked.flag("returninternalservererroronfailure", false))
        url += "&returnInternalServerErrorOnFailure=true";
      urls.status_url = url;
    }
    out += ',';
    append_quoted(out, name);
    out += ':';
    append_quoted(out, url);
  };
  add("statusQueryGetUri", "");
  add("sendEventPostUri", "/raiseEvent/{eventName}");
  add("terminatePostUri", "/terminate?reason={text}");
  add("rewindPostUri", "/rewind?reason={text}");
  add("purgeHistoryDeleteUri", "");
  add("restartPostUri", "/restart");
  add("suspendPostUri", "/suspend?reason={text}");
  add("resumePostUri", "/resume?reason={text}");
  out += '}';
  return urls;
}

}  // namespace reprise::gateway
