#include "gateway/v1/node_routes.hpp"

#include "actors/limits.hpp"
#include "gateway/api/limit_options.hpp"
#include "gateway/json/json_out.hpp"
#include "gateway/json/json_writer.hpp"
#include "gateway/v1/devices.hpp"
#include "persistence/limits.hpp"

namespace reprise::gateway {

namespace {

struct fixed_limit {
  std::string_view name;
  std::uint64_t value;
  std::string_view text;
};

constexpr fixed_limit fixed_limits[] = {
    {"value-bytes", max_payload, "Bytes of a value made from a body (413)"},
    {"page-entries", max_page, "Entries of a page"},
    {"page-bytes", max_page_bytes, "Bytes of a page: the entry that passes it is the last"},
    {"idempotency-key", max_idempotency_key, "Characters of an Idempotency-Key (400)"},
    {"idempotency-hours", reprise::limits::dedup_ttl.count(), "How long a key is remembered"},
    {"idempotency-answer-bytes", reprise::limits::dedup_answer_bytes,
     "Bytes of an answer that is kept with its key"},
    {"name", max_name, "Bytes of the name of an actor type, operation, activity or orchestration"},
    {"key", max_key, "Bytes of an actor's key or an instance's id"},
    {"section-actors", max_actors_of_section, "Actors of one critical section"},
    {"turn-messages", reprise::limits::max_messages_per_turn, "Messages that one turn sends"},
    {"turn-bytes", reprise::limits::max_bytes_per_turn, "Bytes that one turn writes and sends"},
    {"turn-loads", reprise::limits::max_loads_per_turn, "Records that one turn asks for"},
    {"history-events", reprise::limits::max_history_events, "Events of one generation"},
    {"history-bytes", reprise::limits::max_history_bytes, "Bytes of one generation"},
    {"buffered-events", reprise::limits::max_buffered_events,
     "Events of an instance that are not waited for yet"},
    {"log-bytes", reprise::limits::log_limit, "Bytes of log that are not folded yet"},
    {"overlay-bytes", reprise::limits::overlay_limit, "Bytes in memory that are not folded yet"},
    {"crashes", reprise::limits::max_crashes,
     "Deaths of the process after which what caused them is a dead letter"},
};

void name_option(object_writer& to, std::string_view option) {
  to.text("name", option.substr(2));
  to.text("option", option);
}

void append_limits(array_writer& all, const limits& now) {
  for (const auto& one : count_limits()) {
    object_writer object(all.element());
    name_option(object, one.option);
    object.number("value", now.*one.value);
    object.text("text", one.text);
  }
  for (const auto& one : deadline_limits()) {
    object_writer object(all.element());
    name_option(object, one.option);
    append_number(object.member("value"), std::chrono::duration<double>(now.*one.value).count());
    object.text("text", one.text);
  }
  for (const auto& one : fixed_limits) {
    object_writer object(all.element());
    object.text("name", one.name);
    object.number("value", one.value);
    object.text("text", one.text);
  }
}

// Answers with an object that has one list, which `append` fills.
template <class Append>
void answer_all(const shared_request& e, std::string_view name, const Append& append) {
  http_response answer{200, "application/json", {}, {}};
  {
    object_writer object(answer.body);
    array_writer all(object.member(name));
    append(all);
  }
  e->answer(std::move(answer));
}

}  // namespace

void show_pools(const shared_request& e) {
  answer_all(e, "pools", [&](array_writer& all) {
    for (const auto& one : e->on.operate().pools()) {
      object_writer pool(all.element());
      pool.text("name", one.name);
      pool.number("threads", one.threads);
      pool.number("busy", one.busy);
      pool.number("waiting", one.waiting);
      pool.number("lost", one.lost);
    }
  });
}

void show_devices(const shared_request& e) {
  answer_all(e, "devices", [](array_writer& all) {
    for (const auto& one : devices()) {
      object_writer device(all.element());
      device.text("name", one.name);
      device.text("kind", one.kind);
      device.number("threads", one.threads);
      device.number("memory", one.memory);
    }
  });
}

void show_limits(const shared_request& e) {
  answer_all(e, "limits", [&](array_writer& all) { append_limits(all, e->options.limits); });
}

void show_version(const shared_request& e) {
  e->answer({200, "application/json", R"({"version":")" REPRISE_VERSION R"("})", {}});
}

}  // namespace reprise::gateway
