#include "gateway/v1/dead_letter_routes.hpp"

#include "gateway/api/query_parameters.hpp"
#include "gateway/json/json_out.hpp"
#include "gateway/json/time_text.hpp"
#include "gateway/v1/native_routes.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

std::string_view name_of(dead_letter_kind kind) noexcept {
  switch (kind) {
    case dead_letter_kind::message:
      return "message";
    case dead_letter_kind::activity:
      return "activity";
    case dead_letter_kind::address:
      return "address";
  }
  return "address";
}

const payload_type* input_type(const bindings& app, const dead_letter& one) {
  if (one.kind == dead_letter_kind::activity) {
    const auto* bound = app.find_activity(one.name);
    return bound != nullptr ? bound->in : nullptr;
  }
  if (one.kind == dead_letter_kind::address || one.who.kind != address_kind::actor) return nullptr;
  const auto* actor = app.find_actor(one.who.type);
  const auto* bound = actor != nullptr ? actor->find(one.name) : nullptr;
  return bound != nullptr ? bound->in : nullptr;
}

void append_letter(std::string& out, const bindings& app, const dead_letter& one) {
  out += R"({"id":)";
  append_quoted(out, one.id);
  out += R"(,"kind":)";
  append_quoted(out, name_of(one.kind));
  if (one.who.kind == address_kind::actor) {
    out += R"(,"actor":{"type":)";
    append_quoted(out, one.who.type);
    out += R"(,"key":)";
    append_quoted(out, one.who.key);
    out += '}';
  } else {
    out += R"(,"instance":)";
    append_quoted(out, one.who.key);
  }
  if (one.kind != dead_letter_kind::address) {
    out += one.kind == dead_letter_kind::activity ? R"(,"activity":)" : R"(,"operation":)";
    append_quoted(out, one.name);
    out += R"(,"input":)";
    const auto* type = input_type(app, one);
    if (type == nullptr || !append_json(out, *type, one.input.bytes())) out += "null";
  }
  out += R"(,"failure":)";
  append_failure(out, one.why);
  out += R"(,"since":")";
  append_time(out, one.since, precision::ticks);
  out += R"(","crashes":)";
  append_number(out, std::uint64_t{one.crashes});
  out += '}';
}

}  // namespace

void list_dead_letters(const shared_request& e) {
  parameters given(e->where);
  auto after = given.cursor(cursor_kind::dead_letters);
  if (given.refused()) return e->answer(problem(*given.refused()));
  e->on.operate().dead_letters(std::move(after), [e](result<dead_letter_page> found) {
    if (!found) return e->answer(problem(found.error()));
    std::string entries;
    for (const auto& one : found->letters) {
      if (!entries.empty()) entries += ',';
      append_letter(entries, e->on.bound(), one);
    }
    e->answer(
        list_answer("dead_letters", entries, cursor_of(cursor_kind::dead_letters, found->next)));
  });
}

void drop_dead_letter(const shared_request& e) {
  e->on.operate().drop(e->where.segments[2], no_content(e));
}

void retry_dead_letter(const shared_request& e) {
  e->on.operate().retry(e->where.segments[2], no_content(e));
}

}  // namespace reprise::gateway
