#include <span>
#include <string_view>
#include <vector>

#include "gateway/v1/actor_routes.hpp"
#include "gateway/v1/contract_view.hpp"
#include "gateway/v1/dead_letter_routes.hpp"
#include "gateway/v1/event_stream.hpp"
#include "gateway/v1/health.hpp"
#include "gateway/v1/instance_events.hpp"
#include "gateway/v1/instance_history.hpp"
#include "gateway/v1/instance_routes.hpp"
#include "gateway/v1/instance_start.hpp"
#include "gateway/v1/instance_steering.hpp"
#include "gateway/v1/lock_routes.hpp"
#include "gateway/v1/metrics.hpp"
#include "gateway/v1/native_routes.hpp"
#include "gateway/v1/node_routes.hpp"

namespace reprise::gateway {

namespace {

constexpr std::string_view word = R"({"type":"string"})";
constexpr std::string_view yes_or_no = R"({"type":"boolean"})";
constexpr std::string_view time_text = R"({"type":"string","format":"date-time"})";

constexpr std::string_view key = R"({"$ref":"#/components/schemas/Key"})";
constexpr std::string_view name = R"({"type":"string","pattern":"^[a-z0-9_.-]{1,64}$"})";

const query_parameter limit{"limit", R"({"type":"integer","minimum":1,"maximum":1000})",
                            "Entries of a page; 100 if not given"};
const query_parameter cursor{"cursor", word, "What the page before gave as next"};
const query_parameter prefix{"prefix", R"({"$ref":"#/components/schemas/KeyBeginning"})",
                             "What the id or key begins with"};
const query_parameter input{"input", yes_or_no, "Show the input; true if not given", "true"};
const query_parameter recursive{"recursive", yes_or_no, "Its children too", "false"};
const query_parameter orchestration{"orchestration", name, "Any version of it"};
const query_parameter state{"state",
                            R"({"type":"array","items":{"$ref":"#/components/schemas/State"}})",
                            "Each that may be: once for each, or with commas between"};
const query_parameter created_from{"created_from", time_text, "Not before"};
const query_parameter created_to{"created_to", time_text, "Not after"};
const query_parameter updated_before{"updated_before", time_text, "Before"};

constexpr std::string_view once = "Idempotency-Key";
constexpr std::string_view prefer = "Prefer";
constexpr std::string_view if_match = "If-Match";
constexpr std::string_view if_none_match = "If-None-Match";

const route_answer nothing{204, "", "Done, and durable"};
const route_answer started{201,
                           "Started",
                           "Durable; Location says where the instance is",
                           "application/json",
                           {"Location"}};
const route_answer ended{200, "Instance", "It ended within the time of Prefer: wait"};

}  // namespace

// Their order is that of the methods in Allow, and that of the OpenAPI document.
std::span<const route> native_rows() {
  static const std::vector<route> table{
      {.method = "POST",
       .path = "/v1/actors/{type}/{key}/{operation}",
       .needs = scope::signal,
       .metric = "actor.call",
       .name = "call_operation",
       .text = "Performs an operation on an actor, and answers when it is durable",
       .serve = call_operation,
       .fields = {once, if_match, if_none_match, prefer},
       .body = "Any",
       .answers = {{200, "Any", "What the operation answers"},
                   {202, "",
                    "With Prefer: respond-async: done and durable; its answer is left out"}},
       .refusals = {400, 404, 409, 412, 415, 422},
       .about = topic::actors,
       .doc = "200 with the operation's answer · 409 it rejected · 404 `unbound` · 400 the "
              "body does not fit · 412 `precondition_failed` · 415 a body without "
              "`Content-Type: application/json` · 422. With `Prefer: respond-async` it is "
              "told: 202 without a body, and `Preference-Applied`, when it is done and "
              "durable; refused as above"},
      {.method = "GET",
       .path = "/v1/actors/{type}/{key}",
       .needs = scope::read,
       .metric = "actor.get",
       .name = "read_actor",
       .text = "The actor's state as last committed",
       .serve = read_actor,
       .fields = {if_none_match},
       .answers = {{200, "Any", "The state", "application/json", {"ETag"}},
                   {304, "", "It is still what If-None-Match names"}},
       .refusals = {400, 404},
       .about = topic::actors,
       .doc = "200 with the state as last committed and its `ETag` · 304 `If-None-Match` names "
              "it · 404"},
      {.method = "DELETE",
       .path = "/v1/actors/{type}/{key}",
       .needs = scope::manage,
       .metric = "actor.delete",
       .name = "erase_actor",
       .text = "The actor and its entries go, in its turn among what waits for it",
       .serve = erase_actor,
       .fields = {once, if_match, if_none_match},
       .answers = {nothing},
       .refusals = {400, 404, 412, 422},
       .about = topic::actors,
       .doc = "204: it and its entries are gone, in its turn among what waits for it · 412 · 422"},
      {.method = "GET",
       .path = "/v1/actors/{type}",
       .needs = scope::read,
       .metric = "actor.list",
       .name = "list_actors",
       .text = "A page of the actors of a type",
       .serve = list_actors_of,
       .query = {prefix,
                 {"state", yes_or_no, "Show their state; true if not given", "true"},
                 limit,
                 cursor},
       .answers = {{200, "ActorPage", "By key"}},
       .refusals = {400, 404},
       .about = topic::actors,
       .doc = R"(200 `{"actors":[{"key","updated","state"}],"next"}` · 404 `unbound`)"},
      {.method = "GET",
       .path = "/v1/actors/{type}/{key}/lock",
       .needs = scope::read,
       .metric = "actor.get",
       .name = "show_lock",
       .text = "Whose critical section has the actor",
       .serve = show_lock,
       .answers = {{200, "Lock", "As it is now"}},
       .refusals = {400, 404},
       .about = topic::actors,
       .doc = R"(200 `{"actor":{"type","key"},"instance","since"}`: whose critical section has )"
              "the actor · 404 nobody holds it"},
      {.method = "DELETE",
       .path = "/v1/actors/{type}/{key}/lock",
       .needs = scope::manage,
       .metric = "actor.unlock",
       .name = "unlock_actor",
       .text = "By an operator: ends the hold of whatever critical section has the actor",
       .serve = unlock_actor,
       .fields = {once},
       .answers = {nothing},
       .refusals = {400, 404, 422},
       .about = topic::actors,
       .doc = "ends the hold of whatever critical section has the actor; its owner's further "
              "calls to it fail with `cancelled`. 204 · 404 nobody holds it"},

      {.method = "GET",
       .path = "/v1/locks",
       .needs = scope::read,
       .metric = "lock.list",
       .name = "list_locks",
       .text = "A page of the actors that critical sections have, and whose sections they are",
       .serve = list_locks,
       .query = {limit, cursor},
       .answers = {{200, "LockPage", "By type and key, as it is now"}},
       .refusals = {400},
       .about = topic::actors,
       .doc = R"(200 `{"locks":[...],"next"}`: all that are held, by type and key)"},

      {.method = "GET",
       .path = "/v1/instances",
       .needs = scope::read,
       .metric = "instance.list",
       .name = "list_instances",
       .text = "A page of the instances that fit",
       .serve = list_instances_of,
       .query = {prefix, orchestration, state, created_from, created_to, updated_before, input,
                 limit, cursor},
       .answers = {{200, "InstancePage", "By id"}},
       .refusals = {400},
       .about = topic::instances,
       .doc = "`orchestration` is any version of it; `state` is of running, completed, failed, "
              "terminated, pending, suspended, stalled, several with commas between or each on "
              R"(its own. 200 `{"instances":[...],"next"}` · 400)"},
      {.method = "POST",
       .path = "/v1/instances",
       .needs = scope::start,
       .metric = "instance.start",
       .name = "start_instance",
       .text = "Starts an orchestration",
       .serve = start_instance,
       .fields = {once, prefer},
       .body = "Start",
       .answers = {started, ended},
       .refusals = {400, 404, 409, 415, 422},
       .reads = body_reading::as_json,
       .about = topic::starts,
       .doc = R"(body `{"orchestration","version","id","at","input"}`, all but the first if you )"
              "like: without `version` the newest, without `id` a new one, not before `at` (up "
              "to 2262-04-11; a time that cannot be kept is 400)"},
      {.method = "DELETE",
       .path = "/v1/instances",
       .needs = scope::manage,
       .metric = "instance.purge",
       .name = "purge_instances",
       .text = "All instances that fit and have ended go; at least one filter must be given",
       .serve = purge_instances_of,
       .query = {prefix, orchestration, state, created_from, created_to, updated_before},
       .answers = {{200, "PurgeReport", "How many went"}},
       .refusals = {400},
       .about = topic::steering,
       .doc = "the filters of the list, at least one; only what has ended goes. 200 "
              R"(`{"purged","complete"}`; after a minute, or where some cannot go now, it says )"
              R"(`"complete":false`: ask again · 400)"},
      {.method = "POST",
       .path = "/v1/orchestrations/{name}",
       .needs = scope::start,
       .metric = "instance.start",
       .name = "start_orchestration",
       .text = "Starts an orchestration; the body is its input",
       .serve = start_orchestration,
       .query = {{"id", key, "Of the instance; a new one if not given"},
                 {"version", R"({"type":"integer","minimum":1,"maximum":999999})",
                  "The newest if not given"},
                 {"at", time_text, "Not before"}},
       .fields = {once, prefer},
       .body = "Any",
       .answers = {started, ended},
       .refusals = {400, 404, 409, 415, 422},
       .reads = body_reading::as_json,
       .about = topic::starts,
       .doc = "the body is the input"},
      {.method = "GET",
       .path = "/v1/instances/{id}",
       .needs = scope::read,
       .metric = "instance.get",
       .name = "show_instance",
       .text = "One instance; with Prefer: wait when it has ended or the time is up",
       .serve = show_instance,
       .query = {input},
       .fields = {prefer},
       .answers = {{200, "Instance", "As last committed"}},
       .refusals = {400, 404},
       .about = topic::instances,
       .doc = "200, with `Prefer: wait=N` when it has ended or the time is up · 404"},
      {.method = "DELETE",
       .path = "/v1/instances/{id}",
       .needs = scope::manage,
       .metric = "instance.purge",
       .name = "purge_instance",
       .text = "An instance that has ended and its history go",
       .serve = purge_instance,
       .query = {recursive},
       .fields = {once},
       .answers = {nothing},
       .refusals = {400, 404, 409, 422},
       .about = topic::steering,
       .doc = "204: it and its history are gone · 404 · 409 it has not ended"},
      {.method = "GET",
       .path = "/v1/instances/{id}/history",
       .needs = scope::read,
       .metric = "instance.get",
       .name = "show_history",
       .text = "What happened to the instance and what its code asked for, since it began",
       .serve = show_history,
       .query = {{"values", yes_or_no, "Show inputs and outputs; true if not given", "true"},
                 limit,
                 cursor},
       .answers = {{200, "HistoryPage", "In order"}},
       .refusals = {400, 404, 410},
       .about = topic::instances,
       .doc = R"(200 `{"events":[{"number","kind","at",...}],"next"}` since it began or went on )"
              "as new · 404 · 410 it has begun anew since the page before"},
      {.method = "GET",
       .path = "/v1/instances/{id}/why",
       .needs = scope::read,
       .metric = "instance.why",
       .name = "explain_instance",
       .text = "What the instance waits for, since when, and who owes it",
       .serve = explain_instance,
       .answers = {{200, "Waits", "Empty when it has ended"}},
       .refusals = {400, 404},
       .about = topic::instances,
       .doc = R"(200 `{"id","state","waits":[{"what","since","owed_by"}]}`: each thing it waits )"
              "for, since when, and who owes it; of a step that was tried before also "
              "`attempt` (the one under way or to come), `last_failure` and `next_attempt` "
              "(not before; absent: it is under way); empty when it has ended · 404"},
      {.method = "GET",
       .path = "/v1/instances/{id}/events",
       .needs = scope::read,
       .metric = "instance.get",
       .name = "stream_instance",
       .text =
           "The instance each time that something becomes of it, as server-sent events, to its end",
       .serve = stream_instance,
       .fields = {"Last-Event-ID"},
       .answers = {{200, "EventStream", "Each event is an Instance without input",
                    "text/event-stream"},
                   {204, "", "It has ended, and Last-Event-ID was the last"}},
       .refusals = {400, 404},
       .about = topic::instances,
       .doc = "200 `text/event-stream`: the instance each time that something becomes of it, "
              "until it ends · 204 it has ended, and `Last-Event-ID` was the last · 404"},
      {.method = "GET",
       .path = "/v1/events",
       .needs = scope::read,
       .metric = "other",
       .name = "stream_all",
       .text = "Each instance that fits, soon after something became of it, as server-sent events",
       .serve = stream_all,
       .query = {prefix, orchestration, state},
       .fields = {"Last-Event-ID"},
       .answers =
           {{200, "EventStream",
             "Each event is an Instance without input; gone: it was purged; reset: list again",
             "text/event-stream"}},
       .refusals = {400},
       .about = topic::instances,
       .doc = "as for a list. 200 `text/event-stream`: each instance that fits, soon after "
              "something became of it, for as long as the client stays · 400"},
      {.method = "POST",
       .path = "/v1/instances/{id}/events/{event}",
       .needs = scope::signal,
       .metric = "instance.raise",
       .name = "raise_event",
       .text = "Gives the instance an event; the body is its value",
       .serve = raise_event,
       .fields = {once},
       .body = "Any",
       .answers = {nothing},
       .refusals = {400, 404, 410, 415, 422},
       .about = topic::steering,
       .doc = "the body is the event; its name is taken in any case. 204 · 400 it does not fit "
              "· 404 no instance, or `unbound`: no orchestration can wait for it · 410 it has "
              "ended"},
      {.method = "POST",
       .path = "/v1/instances/{id}/terminate",
       .needs = scope::manage,
       .metric = "instance.terminate",
       .name = "terminate_instance",
       .text = "Ends the instance",
       .serve = terminate_instance,
       .fields = {once},
       .body = "Termination",
       .answers = {nothing},
       .refusals = {400, 404, 410, 415, 422},
       .about = topic::steering,
       .doc =
           R"(body `{"reason","recursive"}`; `recursive` ends its children too. 204 · 404 · 410)"},
      {.method = "POST",
       .path = "/v1/instances/{id}/suspend",
       .needs = scope::manage,
       .metric = "instance.suspend",
       .name = "suspend_instance",
       .text = "No code of the instance runs until it is resumed; what comes meanwhile is kept",
       .serve = suspend_instance,
       .fields = {once},
       .body = "Steering",
       .answers = {nothing},
       .refusals = {400, 404, 410, 415, 422},
       .about = topic::steering,
       .doc = R"(body `{"reason"}`. 204, also when it is so already · 404 · 410)"},
      {.method = "POST",
       .path = "/v1/instances/{id}/resume",
       .needs = scope::manage,
       .metric = "instance.resume",
       .name = "resume_instance",
       .text = "A suspended instance goes on; the code of a stalled one is tried again",
       .serve = resume_instance,
       .fields = {once},
       .body = "Steering",
       .answers = {nothing},
       .refusals = {400, 404, 410, 415, 422},
       .about = topic::steering,
       .doc = R"(body `{"reason"}`. 204, also when it is so already · 404 · 410)"},
      {.method = "POST",
       .path = "/v1/instances/{id}/rewind",
       .needs = scope::manage,
       .metric = "instance.rewind",
       .name = "rewind_instance",
       .text = "A failed instance goes on from where it failed",
       .serve = rewind_instance,
       .fields = {once},
       .body = "Steering",
       .answers = {nothing},
       .refusals = {400, 404, 409, 415, 422},
       .about = topic::steering,
       .doc = R"(body `{"reason"}`. 204 · 404 · 409 `not_failed`: it has not failed, or cannot )"
              "be taken back; `nothing_undone`: its code has failed by itself or gone on from "
              "the failure, and would end as it did, or that is so of all its children that "
              "failed"},
      {.method = "POST",
       .path = "/v1/instances/{id}/restart",
       .needs = scope::manage,
       .metric = "instance.restart",
       .name = "restart_instance",
       .text = "The same orchestration, version and input again, under a new id or a given one",
       .serve = restart_instance,
       .fields = {once, prefer},
       .body = "Restart",
       .answers = {started, ended},
       .refusals = {400, 404, 409, 415, 422},
       .about = topic::starts,
       .doc = R"(body `{"id"}`: the same orchestration, version and input again, under a new id )"
              "or this one (its own, too, when it has ended). An idempotency key belongs to "
              "the id that is given here; where none is given, the key and the old id make the "
              "new one"},

      {.method = "GET",
       .path = "/v1/dead-letters",
       .needs = scope::read,
       .metric = "dead_letter.list",
       .name = "list_dead_letters",
       .text = "What was set aside after it crashed the process",
       .serve = list_dead_letters,
       .query = {cursor},
       .answers = {{200, "DeadLetterPage", "A page of 100"}},
       .refusals = {400},
       .about = topic::dead_letters,
       .doc = R"(pages of 100. 200 `{"dead_letters":[{"id","kind","actor":{"type","key"} or )"
              R"("instance","operation" or )"
              R"("activity","input","failure","since","crashes"}],"next"}`)"},
      {.method = "DELETE",
       .path = "/v1/dead-letters/{letter}",
       .needs = scope::manage,
       .metric = "dead_letter.drop",
       .name = "drop_dead_letter",
       .text = "The letter is forgotten; an instance that was set aside is terminated",
       .serve = drop_dead_letter,
       .answers = {nothing},
       .refusals = {404},
       .about = topic::dead_letters,
       .doc = "204: forgotten; an instance that was set aside is terminated · 404"},
      {.method = "POST",
       .path = "/v1/dead-letters/{letter}/retry",
       .needs = scope::manage,
       .metric = "dead_letter.retry",
       .name = "retry_dead_letter",
       .text =
           "The message goes back into its mailbox, the activity begins again, the address goes on",
       .serve = retry_dead_letter,
       .answers = {nothing},
       .refusals = {404},
       .about = topic::dead_letters,
       .doc = "204: the message is back in its mailbox, the activity begins once more, the "
              "address goes on · 404"},

      {.method = "GET",
       .path = "/v1/pools",
       .needs = scope::read,
       .metric = "node",
       .name = "show_pools",
       .text = "Where activities run",
       .serve = show_pools,
       .answers = {{200, "Pools", "Each pool of threads"}},
       .about = topic::node,
       .doc = R"(200 `{"pools":[{"name","threads","busy","waiting","lost"}]}`: where activities )"
              "run; `lost` threads did not come back from a cancelled one"},
      {.method = "GET",
       .path = "/v1/devices",
       .needs = scope::read,
       .metric = "node",
       .name = "show_devices",
       .text = "What there is to compute on",
       .serve = show_devices,
       .answers = {{200, "Devices", "The host alone, as long as there are no accelerators"}},
       .about = topic::node,
       .doc = R"(200 `{"devices":[{"name","kind","threads","memory"}]}`: what there is to )"
              "compute on; the host alone, there are no accelerators yet"},
      {.method = "GET",
       .path = "/v1/limits",
       .needs = scope::read,
       .metric = "node",
       .name = "show_limits",
       .text = "What is limited, and to how much",
       .serve = show_limits,
       .answers = {{200, "Limits", "Those with an option can be chosen"}},
       .about = topic::node,
       .doc = R"(200 `{"limits":[{"name","value","text"}]}`: what is limited, and to how much; )"
              "those that can be chosen have the `option` of `serve` that does"},
      {.method = "GET",
       .path = "/v1/version",
       .needs = scope::read,
       .metric = "node",
       .name = "show_version",
       .text = "Which program this is",
       .serve = show_version,
       .answers = {{200, "Version", "The version"}},
       .about = topic::node,
       .doc = R"(200 `{"version"}`)"},
      {.method = "GET",
       .path = "/v1/types",
       .needs = scope::read,
       .metric = "other",
       .name = "show_types",
       .text = "Everything that is bound, with JSON Schemas of what goes in and comes out",
       .serve = show_types,
       .answers = {{200, "Types", "References in it point to its $defs"}},
       .about = topic::bound,
       .doc = R"(200 `{"actors","orchestrations","activities","events","$defs"}`: what is bound, )"
              "with JSON Schemas (2020-12) of what goes in and comes out"},

      {.method = "GET",
       .path = "/openapi.json",
       .needs = scope::read,
       .metric = "other",
       .name = "show_openapi",
       .text = "This document",
       .serve = show_openapi,
       .answers = {{200, "OpenApi", "With the names and types of what is bound"}},
       .about = topic::bound,
       .doc = "200 the OpenAPI 3.1 document: every route here; those whose path names "
              "something bound stand in it once for each actor type, operation, orchestration "
              "and event of the application, with its own types"},
      {.method = "GET",
       .path = "/livez",
       .needs = scope::read,
       .metric = "other",
       .name = "livez",
       .text = "Whether the process runs",
       .serve = show_liveness,
       .answers = {{200, "Ok", "It runs", "text/plain"}},
       .access = route_access::open,
       .about = topic::health,
       .doc = "200 while the process runs; 503 once its store has stopped: only a new start helps"},
      {.method = "GET",
       .path = "/readyz",
       .needs = scope::read,
       .metric = "other",
       .name = "readyz",
       .text = "Whether requests are served",
       .serve = show_readiness,
       .answers = {{200, "Ok", "They are", "text/plain"}},
       .refusals = {503},
       .access = route_access::open,
       .about = topic::health,
       .doc = "200, or 503 with the reason: still recovering, stopping, the disk is behind, "
              "full, or the store has stopped"},
      {.method = "GET",
       .path = "/metrics",
       .needs = scope::read,
       .metric = "metrics",
       .name = "metrics",
       .text = "What gateway and node count, for Prometheus",
       .serve = show_metrics,
       .answers = {{200, "Figures", "In its text format",
                    "text/plain; version=0.0.4; charset=utf-8"}},
       .access = route_access::never_shed,
       .about = topic::health,
       .doc = "200: requests by route, type and operation with latencies, connections, "
              "refusals by reason, the commit log, what is resident, the sweeps over what "
              "grows old (`reprise_swept_total`, `reprise_sweep_overdue_seconds`: idempotency "
              "keys, instances kept for a time), the size of the store, pools, devices, dead "
              "letters, for Prometheus (text format 0.0.4). A row of a route appears with its "
              "first request"},
  };
  return table;
}

}  // namespace reprise::gateway
