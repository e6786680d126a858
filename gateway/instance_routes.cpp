#include "gateway/internal/instance_routes.hpp"

#include <algorithm>

#include "actors/limits.hpp"
#include "gateway/internal/instance_view.hpp"
#include "gateway/internal/native_routes.hpp"
#include "gateway/internal/parameters.hpp"
#include "gateway/internal/problem.hpp"
#include "gateway/internal/time_text.hpp"
#include "gateway/json_out.hpp"

namespace reprise::gateway {

namespace {

using shared_exchange = std::shared_ptr<exchange>;
enum class with_input : bool { no, yes };

struct state_name {
  std::string_view name;
  instance_state state;
};
constexpr state_name state_names[] = {
    {"running", instance_state::running}, {"completed", instance_state::completed},
    {"failed", instance_state::failed},   {"terminated", instance_state::terminated},
    {"pending", instance_state::pending}, {"suspended", instance_state::suspended},
    {"stalled", instance_state::stalled},
};

std::string_view name_of(instance_state state) noexcept {
  for (const auto& one : state_names)
    if (one.state == state) return one.name;
  return "running";
}

class object_writer {
 public:
  explicit object_writer(std::string& out) : out_(out) { out_ += '{'; }
  ~object_writer() { out_ += '}'; }
  object_writer(const object_writer&) = delete;
  object_writer& operator=(const object_writer&) = delete;

  // The place to which the member's value is appended.
  std::string& member(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    append_quoted(out_, name);
    out_ += ':';
    return out_;
  }
  void text(std::string_view name, std::string_view value) { append_quoted(member(name), value); }
  void time(std::string_view name, time_point t) {
    auto& out = member(name);
    out += '"';
    append_time(out, t, precision::ticks);
    out += '"';
  }

 private:
  std::string& out_;
};

void append_activities(std::string& out, const std::vector<activity_status>& running) {
  out += '[';
  for (const auto& one : running) {
    if (out.back() == '}') out += ',';
    object_writer object(out);
    object.text("name", one.name);
    append_number(object.member("step"), one.step);
    append_number(object.member("attempt"), std::uint64_t{one.attempt});
    if (one.began) object.time("began", *one.began);
    if (!one.progress.empty()) object.member("progress") += one.progress;
    object.member("cancelled") += one.cancelled ? "true" : "false";
  }
  out += ']';
}

void append_instance(std::string& out, const application& app, const instance_status& one,
                     with_input input) {
  object_writer object(out);
  object.text("id", one.id);
  object.text("orchestration", one.orchestration);
  object.text("state", name_of(one.state));
  object.time("created", one.created);
  object.time("updated", one.updated);
  if (one.state == instance_state::pending && one.due != time_point{}) object.time("due", one.due);
  if (input == with_input::yes) append_input(object.member("input"), app, one);
  append_custom_status(object.member("custom_status"), one);
  if (one.outcome && *one.outcome) append_output(object.member("output"), app, one);
  if (one.outcome && !*one.outcome) append_failure(object.member("failure"), one.outcome->error());
  if (one.state == instance_state::stalled) object.text("finding", one.finding);
  if (!one.activities.empty()) append_activities(object.member("activities"), one.activities);
}

instance_filter filter_of(parameters& given) {
  instance_filter filter;
  filter.prefix = given.text("prefix");
  if (!filter.prefix.empty() && !is_key(filter.prefix))
    given.refuse("prefix", "no instance id begins like this");
  filter.orchestration = given.text("orchestration");
  if (!filter.orchestration.empty() && !is_name(filter.orchestration))
    given.refuse("orchestration", "this is no name of an orchestration");
  for (const auto& word : given.words("state")) {
    const auto found = std::find_if(std::begin(state_names), std::end(state_names),
                                    [&](const state_name& one) { return one.name == word; });
    if (found == std::end(state_names)) {
      given.refuse("state",
                   "wanted running, completed, failed, terminated, pending, suspended or stalled");
    } else {
      filter.states.push_back(found->state);
    }
  }
  filter.created_from = given.time("created_from", time_point::min());
  filter.created_to = given.time("created_to", time_point::max());
  filter.updated_before = given.time("updated_before", time_point::max());
  return filter;
}

void list(const shared_exchange& e) {
  parameters given(e->where, {"prefix", "orchestration", "state", "created_from", "created_to",
                              "updated_before", "input", "limit", "cursor"});
  auto filter = filter_of(given);
  const auto input = given.flag("input", true) ? with_input::yes : with_input::no;
  const auto limit = given.limit();
  auto after = given.cursor(cursor_kind::instances);
  if (given.refused()) return e->answer(problem(*given.refused()));
  e->on.list(std::move(filter), std::move(after), limit, [e, input](result<instance_page> found) {
    if (!found) return e->answer(problem(found.error()));
    std::string entries;
    auto next = found->next;
    for (const auto& one : found->instances) {
      if (!entries.empty()) entries += ',';
      append_instance(entries, e->on.bound(), one, input);
      if (entries.size() <= max_page_bytes || &one == &found->instances.back()) continue;
      next = one.id;
      break;
    }
    e->answer(list_answer("instances", entries, cursor_of(cursor_kind::instances, next)));
  });
}

void show(const shared_exchange& e, const std::string& id) {
  parameters given(e->where, {"input"});
  const auto input = given.flag("input", true) ? with_input::yes : with_input::no;
  if (given.refused()) return e->answer(problem(*given.refused()));
  e->on.status(id, with_history::no, [e, input](result<instance_status> found) {
    if (!found) return e->answer(problem(found.error()));
    outgoing answer{200, "application/json", {}, {}};
    append_instance(answer.body, e->on.bound(), *found, input);
    e->answer(std::move(answer));
  });
}

void append_waits(std::string& out, const std::vector<wait_reason>& reasons) {
  out += '[';
  for (const auto& one : reasons) {
    if (out.back() == '}') out += ',';
    object_writer object(out);
    object.text("what", one.what);
    object.time("since", one.since);
    object.text("owed_by", one.owed_by);
  }
  out += ']';
}

void explain(const shared_exchange& e, const std::string& id) {
  const parameters given(e->where, {});
  if (given.refused()) return e->answer(problem(*given.refused()));
  e->on.why(id, [e, id](result<instance_waits> found) {
    if (!found) return e->answer(problem(found.error()));
    outgoing answer{200, "application/json", {}, {}};
    {
      object_writer object(answer.body);
      object.text("id", id);
      object.text("state", name_of(found->state));
      if (found->state == instance_state::stalled) object.text("finding", found->finding);
      append_waits(object.member("waits"), found->reasons);
    }
    e->answer(std::move(answer));
  });
}

}  // namespace

void serve_instances(const shared_exchange& e) {
  const auto& path = e->where.segments;  // v1, instances, id, why
  if (path.size() > 4 || (path.size() == 4 && path[3] != "why")) return e->answer(no_route());
  if (e->request.method != "GET") return e->answer(not_allowed("GET"));
  if (path.size() == 2) return list(e);
  if (!is_key(path[2]))
    return e->answer(problem({cause::invalid,
                              "this id is not allowed: 1 to 256 bytes, no control characters, none "
                              "of / \\ # ?, no leading @",
                              false}));
  if (path.size() == 4) return explain(e, path[2]);
  show(e, path[2]);
}

}  // namespace reprise::gateway
