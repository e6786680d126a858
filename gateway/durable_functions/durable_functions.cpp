#include "gateway/durable_functions/durable_functions.hpp"

#include <algorithm>
#include <optional>

#include "actors/fresh_key.hpp"
#include "gateway/access/idempotency_key.hpp"
#include "gateway/api/instance_json.hpp"
#include "gateway/durable_functions/entity_routes.hpp"
#include "gateway/durable_functions/instance_list.hpp"
#include "gateway/durable_functions/instance_view.hpp"
#include "gateway/json/json_in.hpp"
#include "gateway/json/json_out.hpp"
#include "gateway/json/sdk_value.hpp"
#include "gateway/json/text.hpp"
#include "gateway/wire/entity_tag.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

// Answers 401: the id belongs to a later instance than the signed URL.
void refuse_earlier(const request_context& e) {
  e.answer(bad_url(durable_surface, "this URL was signed for an earlier instance"));
}

// Returns whether this is the instance that the URL was signed for; true without a signed URL.
bool is_meant(const request_context& e, const instance_status& found) {
  return !e.by || e.by->created == found.created;
}

// Returns the idempotency key and, with a signed URL, a precondition on the creation time. The host
// checks it again in its turn, because the id may get a new instance meanwhile.
result<ask_options> options_of(const request_context& e) {
  auto options = once_of(e.request);
  if (options && e.by) options->only_if = created_at(e.by->created);
  return options;
}

// Answers with a failure. 404 and 410 have no body in Durable Functions.
void fail(const request_context& e, const failure& f) {
  if (e.by && f.why == cause::precondition_failed) return refuse_earlier(e);
  if (f.why == cause::not_found || f.why == cause::gone) {
    e.answer({status_of(f), "", "", {}});
  } else {
    e.answer(message(f));
  }
}

// Returns the 400 for a bad body. Invalid JSON gets the exact message of Durable Functions; the details
// go into ExceptionMessage.
http_response bad_body(const failure& f) {
  constexpr std::string_view syntax = "Invalid JSON content";
  if (f.why == cause::limit) return message(413, f.text);
  if (!f.text.starts_with(syntax)) return message(400, f.text);
  auto answer = message(400, syntax);
  answer.body.back() = ',';
  answer.body += R"("ExceptionMessage":)";
  append_quoted(answer.body,
                std::string_view(f.text).substr(std::min(f.text.size(), syntax.size() + 2)));
  answer.body += '}';
  return answer;
}

void answer_started(const request_context& e, const std::string& id,
                    const std::optional<std::string>& code) {
  auto urls = urls_of(e.base(), id, e.where, code);
  http_response answer{202, std::string(json_media), std::move(urls.body), {}};
  answer.fields.emplace_back("Location", std::move(urls.status_url));
  answer.fields.emplace_back("Retry-After", "10");
  e.answer(std::move(answer));
}

// Answers a start. A signature needs the creation time, so the instance is looked up. If it is gone
// already, the URLs get no code at all: the code of the request is the caller's own key.
void answer_started(const shared_request& e, const std::string& id) {
  const auto& authorizer = e->options.authorizer;
  if (authorizer == nullptr || !authorizer->signs_urls())
    return answer_started(*e, id, std::nullopt);
  e->on.instances().status(id, with_history::no, [e, id](result<instance_status> found) {
    answer_started(
        *e, id, found ? e->options.authorizer->code_for(id, found->created, e->by) : std::string());
  });
}

// Returns the URL of the request. If URLs are signed, a key in its `code=` is replaced by a signed code,
// so that the key is not passed on.
std::string location_of(const request_context& e, const instance_status& one) {
  const auto& authorizer = e.options.authorizer;
  if (authorizer == nullptr || !authorizer->signs_urls() || e.by || e.where.find("code") == nullptr)
    return e.base() + e.request.target;
  return e.base() + with_code(e.request.target, authorizer->code_for(one.id, one.created, e.by));
}

void answer_status(const request_context& e, const instance_status& one, const status_view& view) {
  http_response answer{200, std::string(json_media), {}, {}};
  if (!is_terminal(one.state)) {
    answer.status = 202;
    answer.fields.emplace_back("Location", location_of(e, one));
    answer.fields.emplace_back("Retry-After", "5");
  } else if (one.state == instance_state::failed &&
             e.where.flag("returninternalservererroronfailure", false)) {
    answer.status = 500;
  }
  append_status(answer.body, e.on.bound(), one, view);
  e.answer(std::move(answer));
}

// Create-and-wait: answers with the output if the instance completes, with the status if it ends
// otherwise, with the management URLs after `longest`.
void wait(const shared_request& e, const std::string& id, std::chrono::milliseconds longest) {
  const auto waiting =
      std::make_shared<watch_token>(e->on.instances().wait(id, [e](result<instance_status> ended) {
        if (!ended) return fail(*e, ended.error());
        if (ended->state != instance_state::completed) return answer_status(*e, *ended, {});
        http_response answer{200, std::string(json_media), {}, {}};
        append_output(answer.body, e->on.bound(), *ended);
        e->answer(std::move(answer));
      }));
  e->answer.call_after(longest, [e, id, waiting] {
    waiting->stop();
    answer_started(e, id);
  });
}

std::optional<std::chrono::milliseconds> wanted_wait(const request_context& e) {
  const auto seconds = e.where.number("timeout");
  if (!seconds || !(*seconds > 0)) return std::nullopt;
  const double most = std::chrono::duration<double>(e.options.limits.wait).count();
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::min(*seconds, most) * 1000));
}

// Nothing is polled here, but an interval longer than the timeout is refused as Durable Functions does.
std::optional<http_response> refused_polling(const target& where) {
  const auto interval = where.number("pollinginterval");
  const auto timeout = where.number("timeout");
  if (!interval || !timeout || *interval <= *timeout) return std::nullopt;
  return message(400, "Total timeout " + *where.find("timeout") +
                          " should be bigger than retry timeout " + *where.find("pollinginterval"));
}

void start(const shared_request& e, const std::string& function, const std::string* given) {
  const auto* version = e->where.find("version");
  const auto name = version && !version->empty() ? function + '.' + *version : function;
  const auto* bound = e->on.bound().newest_orchestration(name);
  if (bound == nullptr)
    return e->answer(
        message(400, "The function '" + name +
                         "' doesn't exist, is disabled, or is not an orchestrator function."));
  if (given != nullptr && !is_fresh_key(*given))
    return e->answer(
        message(400, "The instance id is not allowed: " + std::string(what_keys_are) + "."));
  if (auto refused = refused_polling(e->where)) return e->answer(std::move(*refused));
  auto once = once_of(e->request);
  if (!once) return fail(*e, once.error());
  auto input = read_sdk_value(*bound->in, e->request.body);
  if (!input) return e->answer(bad_body(input.error()));
  request what;
  what.kind = request_kind::orchestration;
  what.name = name;
  what.input = std::move(*input);
  if (given != nullptr) what.key = *given;
  e->on.start(std::move(what), std::move(*once), [e](result<std::string> started) {
    if (!started) return fail(*e, started.error());
    if (const auto longest = wanted_wait(*e)) return wait(e, *started, *longest);
    answer_started(e, *started);
  });
}

void show(const shared_request& e, const std::string& id) {
  status_view view;
  view.history = e->where.flag("showhistory", false);
  view.history_output = e->where.flag("showhistoryoutput", false);
  view.input = e->where.flag("showinput", true);
  const auto with = view.history ? with_history::yes : with_history::no;
  e->on.instances().status(id, with, [e, view](result<instance_status> found) {
    if (!found) return fail(*e, found.error());
    if (!is_meant(*e, *found)) return refuse_earlier(*e);
    answer_status(*e, *found, view);
  });
}

// Refuses an event as Durable Functions does: 404 and 410 come before errors in the body.
void refuse_event(const shared_request& e, const std::string& id, http_response refusal) {
  e->on.instances().status(id, with_history::no,
                           [e, refusal = std::move(refusal)](result<instance_status> found) {
                             if (!found) return fail(*e, found.error());
                             if (!is_meant(*e, *found)) return refuse_earlier(*e);
                             if (is_terminal(found->state)) return e->answer({410, "", "", {}});
                             e->answer(http_response(refusal));
                           });
}

void raise(const shared_request& e, const std::string& id, const std::string& event) {
  const auto* bound = e->on.bound().find_event(event);
  const bool is_bare = bound != nullptr && bound->type->kind == payload_kind::none &&
                       e->request.body.empty();  // no body, so no Content-Type is needed
  if (!is_bare && !is_json_media(e->request.content_type))
    return refuse_event(e, id, message(400, "Only application/json request content is supported"));
  if (bound == nullptr)
    return refuse_event(
        e, id,
        message(400, "No event '" + event + "' is bound: no orchestration can wait for it."));
  if (!is_bare && e->request.body.empty())
    return refuse_event(
        e, id, bad_body({cause::invalid, "Invalid JSON content: the body is empty", false}));
  auto value = read_sdk_value(*bound->type, e->request.body);
  if (!value) return refuse_event(e, id, bad_body(value.error()));
  auto once = options_of(*e);
  if (!once) return fail(*e, once.error());
  e->on.instances().raise(event_to(id, lower(event), std::move(*value)), std::move(*once),
                          [e](result<> raised) {
                            if (!raised) return fail(*e, raised.error());
                            e->answer({202, "", "", {}});
                          });
}

// A function that steers an instance and has no result.
using steering = void (instances_view::*)(std::string, std::string, ask_options, when<void>) const;

when<void> accepted(const shared_request& e) {
  return [e](result<> taken) {
    if (!taken) return fail(*e, taken.error());
    e->answer({202, "", "", {}});
  };
}

std::string reason_of(const request_context& e) {
  const auto* reason = e.where.find("reason");
  return reason != nullptr ? *reason : "";
}

void steer(const shared_request& e, const std::string& id, steering how) {
  auto once = options_of(*e);
  if (!once) return fail(*e, once.error());
  (e->on.instances().*how)(id, reason_of(*e), std::move(*once), accepted(e));
}

// Reads `recursive`, which a signed URL may not use: it covers one instance, not its children. Returns
// nothing if the request was refused and answered.
std::optional<children> children_of(const shared_request& e) {
  if (!e->where.flag("recursive", false)) return children::left_alone;
  if (!e->by) return children::included;
  e->answer(message(403,
                    "a signed URL opens its one instance, and its children are others: ask without "
                    "recursive, or with a key that has the scope manage"));
  return std::nullopt;
}

void terminate(const shared_request& e, const std::string& id) {
  auto once = options_of(*e);
  if (!once) return fail(*e, once.error());
  const auto which = children_of(e);
  if (!which) return;
  e->on.instances().terminate(id, {reason_of(*e), *which}, std::move(*once), accepted(e));
}

// Answers 412 with the reason if the instance has not failed, its failure cannot be taken back, or a
// rewind would change nothing.
void rewind(const shared_request& e, const std::string& id) {
  auto once = options_of(*e);
  if (!once) return fail(*e, once.error());
  e->on.instances().rewind(id, reason_of(*e), std::move(*once), [e, id](result<> taken) {
    if (taken) return e->answer({202, "", "", {}});
    const auto& why = taken.error();
    if (why.why == cause::not_found)
      return e->answer(bare_string(404, "No orchestration with instance ID \"" + id + "\" found."));
    if (why.why == cause::invalid || why.why == cause::gone || why.why == cause::nothing_undone)
      return e->answer(bare_string(412, why.text));
    fail(*e, why);
  });
}

void restart(const shared_request& e, const std::string& id) {
  if (auto refused = refused_polling(e->where)) return e->answer(std::move(*refused));
  auto once = options_of(*e);
  if (!once) return fail(*e, once.error());
  const bool anew = e->where.flag("restartwithnewinstanceid", true);
  if (anew && e->by)
    return e->answer(
        message(403,
                "a signed URL opens its one instance and starts no other: ask with "
                "restartWithNewInstanceId=false, or with a key that has the scope start"));
  const auto new_id = anew ? std::string() : id;
  e->on.instances().restart(id, new_id, std::move(*once), [e](result<std::string> started) {
    if (started) {
      if (const auto longest = wanted_wait(*e)) return wait(e, *started, *longest);
      return answer_started(e, *started);
    }
    if (started.error().why == cause::not_found)
      return e->answer(
          bare_string(400, "InstanceId does not match a valid orchestration instance."));
    if (started.error().why == cause::exists)
      return e->answer(
          bare_string(409, "A non-terminal instance with this instance ID already exists."));
    if (started.error().why == cause::unbound) return e->answer(message(400, started.error().text));
    fail(*e, started.error());
  });
}

void answer_purged(const request_context& e, std::uint64_t count) {
  e.answer(
      {200, std::string(json_media), "{\"instancesDeleted\":" + std::to_string(count) + "}", {}});
}

void purge(const shared_request& e, const std::string& id) {
  auto once = options_of(*e);
  if (!once) return fail(*e, once.error());
  const auto which = children_of(e);
  if (!which) return;
  e->on.instances().purge(id, {*which}, std::move(*once), [e](result<> purged) {
    if (purged) return answer_purged(*e, 1);
    if (purged.error().why != cause::exists) return fail(*e, purged.error());
    e->answer(bare_string(412,
                          "Only orchestrations in a terminal state can be purged: "
                          "terminate it first."));
  });
}

void serve_instance(const shared_request& e, const std::vector<std::string>& path) {
  const bool is_post = e->request.method == "POST";
  const auto& id = path[4];
  if (path.size() == 5 && e->request.method == "DELETE" && id.starts_with('@'))
    return purge_entity(e, id);
  if (!is_key(id)) return e->answer({404, "", "", {}});  // no instance can have it
  if (path.size() == 5 && e->request.method == "GET") return show(e, id);
  if (path.size() == 5 && e->request.method == "DELETE") return purge(e, id);
  if (!is_post || path.size() < 6) return e->answer({404, "", "", {}});
  if (path.size() == 7 && same_ignoring_case(path[5], "raiseEvent")) return raise(e, id, path[6]);
  if (path.size() != 6) return e->answer({404, "", "", {}});
  const auto is = [&](std::string_view verb) { return same_ignoring_case(path[5], verb); };
  if (is("terminate")) return terminate(e, id);
  if (is("suspend")) return steer(e, id, &instances_view::suspend);
  if (is("resume")) return steer(e, id, &instances_view::resume);
  if (is("rewind")) return rewind(e, id);
  if (is("restart")) return restart(e, id);
  e->answer({404, "", "", {}});
}

}  // namespace

void drop_empty_id(target& where) {
  auto& path = where.segments;
  const bool names_one = path.size() == 6 && (same_ignoring_case(path[3], "orchestrators") ||
                                              same_ignoring_case(path[3], "entities"));
  if (path.size() > 3 && path.back().empty() && !names_one) path.pop_back();
}

std::string_view durable_functions_methods(const target& where) {
  const auto& path = where.segments;
  const auto size = path.size();
  const auto is = [&](std::size_t i, std::string_view word) {
    return i < size && same_ignoring_case(path[i], word);
  };
  if (is(3, "orchestrators") && (size == 5 || size == 6)) return "POST";
  if (is(3, "instances") && (size == 4 || size == 5)) return "GET, DELETE";
  if (is(3, "instances") && size == 7 && is(5, "raiseEvent")) return "POST";
  for (const auto verb : {"terminate", "suspend", "resume", "rewind", "restart"})
    if (is(3, "instances") && size == 6 && is(5, verb)) return "POST";
  if (is(3, "entities") && (size == 4 || size == 5)) return "GET";
  if (is(3, "entities") && size == 6) return "GET, POST, DELETE";
  return is(3, "makeprimary") && size == 4 ? "GET, POST, DELETE, PUT, PATCH" : "";
}

void serve_durable_functions(shared_request e) {
  const auto& path = e->where.segments;  // runtime, webhooks, durabletask, ...
  // These routes do not check preconditions, and the effect must not happen unconditionally.
  if (has_condition(e->request) && e->request.method != "GET")
    return e->answer(message(
        412,
        "These routes know no If-Match and no If-None-Match: send the request without them, "
        "or ask the actor under /v1/actors"));
  if (path.size() >= 5 && path.size() <= 6 && same_ignoring_case(path[3], "orchestrators")) {
    if (e->request.method != "POST") return e->answer({404, "", "", {}});
    return start(e, path[4], path.size() == 6 ? &path[5] : nullptr);
  }
  if (path.size() == 4 && same_ignoring_case(path[3], "instances")) {
    if (e->request.method == "GET") return list_instances(e);
    if (e->request.method == "DELETE") return purge_instances(e);
  }
  if (path.size() >= 5 && same_ignoring_case(path[3], "instances")) return serve_instance(e, path);
  if (path.size() >= 4 && same_ignoring_case(path[3], "entities")) return serve_entities(e);
  // There is only one node, so it is the primary.
  if (path.size() == 4 && same_ignoring_case(path[3], "makeprimary"))
    return e->answer({200, "", "", {}});
  e->answer({404, "", "", {}});
}

}  // namespace reprise::gateway
