#include "gateway/v1/instance_start.hpp"

#include <charconv>

#include "actors/fresh_key.hpp"
#include "gateway/access/idempotency_key.hpp"
#include "gateway/api/json_body.hpp"
#include "gateway/api/query_parameters.hpp"
#include "gateway/json/json_in.hpp"
#include "gateway/json/json_writer.hpp"
#include "gateway/json/text.hpp"
#include "gateway/v1/instance_object.hpp"
#include "gateway/wire/preference.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

const failure strange_id{cause::invalid, "this id is not allowed: " + std::string(what_keys_are),
                         false};

failure unbound(const std::string& name) {
  return {cause::unbound, "no orchestration \"" + name + "\" is bound in this program", false};
}

http_response started_answer(const request_context& e, const std::string& id) {
  http_response answer{201, "application/json", {}, {}};
  object_writer(answer.body).text("id", id);
  std::string location = e.base() + "/v1/instances/";
  append_percent(location, id);
  answer.fields.emplace_back("Location", std::move(location));
  return answer;
}

void answer_started(const shared_request& e, const std::string& id) {
  const auto longest = preferred_wait(e->request, e->options.limits.wait);
  if (!longest) return e->answer(started_answer(*e, id));
  const auto waiting = std::make_shared<watch_token>(
      e->on.instances().wait(id, [e, longest](result<instance_status> ended) {
        if (!ended) return e->answer(problem(ended.error()));
        auto answer = instance_answer(e->on.bound(), *ended, with_input::yes);
        confirm_wait(answer, *longest);
        e->answer(std::move(answer));
      }));
  e->answer.call_after(*longest, [e, id, longest, waiting] {
    waiting->stop();
    auto answer = started_answer(*e, id);
    confirm_wait(answer, *longest);
    e->answer(std::move(answer));
  });
}

std::function<void(result<std::string>)> when_started(const shared_request& e) {
  return [e](result<std::string> started) {
    if (!started) return e->answer(problem(started.error()));
    answer_started(e, *started);
  };
}

void start(const shared_request& e, request what, ask_options once) {
  what.kind = request_kind::orchestration;
  e->on.start(std::move(what), std::move(once), when_started(e));
}

// Returns whether the input of this kind is required. An absent one stands for none, for null in json,
// and for a struct without members.
bool needs_text(payload_kind kind) {
  return kind != payload_kind::none && kind != payload_kind::json &&
         kind != payload_kind::structure;
}

std::string versioned(std::string name, std::string_view version) {
  return version.empty() ? name : name.append(".").append(version);
}

}  // namespace

void start_instance(const shared_request& e) {
  if (auto refused = refused_media(e->request)) return e->answer(std::move(*refused));
  json_body body(e->request.body, {"orchestration", "version", "id", "at", "input"});
  request what;
  what.name = body.text("orchestration");
  const auto version = body.number("version");
  what.key = body.text("id");
  what.due = body.time("at", time_point{});
  if (what.name.empty())
    body.refuse("orchestration", {cause::invalid, "wanted the name of an orchestration", false});
  if (!body.json("id").empty() && body.json("id") != "null" && !is_fresh_key(what.key))
    body.refuse("id", strange_id);
  what.name = versioned(std::move(what.name), version ? std::to_string(*version) : "");
  const auto* bound = e->on.bound().newest_orchestration(what.name);
  if (bound == nullptr) {
    body.refuse("orchestration", unbound(what.name));
  } else if (body.json("input").empty() && needs_text(bound->in->kind)) {
    body.refuse("input",
                {cause::invalid, "wanted " + bound->in->name + ", it is not given", false});
  }
  if (auto refused = body.refused()) return e->answer(std::move(*refused));
  std::string pointer = "/input";
  auto input = read_json(*bound->in, body.json("input"), pointer);
  if (!input) return e->answer(problem(input.error(), pointer));
  auto once = once_of(e->request);
  if (!once) return e->answer(problem(once.error()));
  what.input = std::move(*input);
  start(e, std::move(what), std::move(*once));
}

void start_orchestration(const shared_request& e) {
  if (auto refused = refused_media(e->request)) return e->answer(std::move(*refused));
  parameters given(e->where);
  request what;
  what.name = versioned(e->where.segments[2], given.text("version"));
  what.key = given.text("id");
  what.due = given.kept_time("at", time_point{});
  if (e->where.find("id") != nullptr && !is_fresh_key(what.key))
    given.refuse("id", strange_id.text);
  if (given.refused()) return e->answer(problem(*given.refused()));
  const auto* bound = e->on.bound().newest_orchestration(what.name);
  if (bound == nullptr) return e->answer(problem(unbound(what.name)));
  std::string pointer;
  auto input = read_json(*bound->in, e->request.body, pointer);
  if (!input) return e->answer(problem(input.error(), pointer));
  auto once = once_of(e->request);
  if (!once) return e->answer(problem(once.error()));
  what.input = std::move(*input);
  start(e, std::move(what), std::move(*once));
}

void restart_instance(const shared_request& e) {
  if (auto refused = refused_media(e->request)) return e->answer(std::move(*refused));
  json_body body(e->request.body, {"id"});
  auto new_id = body.text("id");
  if (!body.json("id").empty() && body.json("id") != "null" && !is_fresh_key(new_id))
    body.refuse("id", strange_id);
  if (auto refused = body.refused()) return e->answer(std::move(*refused));
  auto once = once_of(e->request);
  if (!once) return e->answer(problem(once.error()));
  e->on.instances().restart(e->where.segments[2], std::move(new_id), std::move(*once),
                            when_started(e));
}

}  // namespace reprise::gateway
