#include "gateway/internal/native_routes.hpp"

#include "gateway/internal/actor_routes.hpp"
#include "gateway/internal/dead_letter_routes.hpp"
#include "gateway/internal/instance_routes.hpp"
#include "gateway/internal/parameters.hpp"
#include "gateway/internal/problem.hpp"
#include "gateway/json_out.hpp"

namespace reprise::gateway {

namespace {

using shared_exchange = std::shared_ptr<exchange>;

void show_version(const exchange& e) {
  e.answer({200, "application/json", R"({"version":")" REPRISE_VERSION R"("})", {}});
}

void show_pools(const exchange& e) {
  outgoing answer{200, "application/json", R"({"pools":[)", {}};
  auto& out = answer.body;
  for (const auto& one : e.on.pools()) {
    if (out.back() == '}') out += ',';
    out += R"({"name":)";
    append_quoted(out, one.name);
    const auto number = [&](std::string_view name, std::size_t value) {
      out.append(",\"").append(name).append("\":");
      append_number(out, std::uint64_t{value});
    };
    number("threads", one.threads);
    number("busy", one.busy);
    number("waiting", one.waiting);
    number("lost", one.lost);
    out += '}';
  }
  out += "]}";
  e.answer(std::move(answer));
}

void show(const shared_exchange& e, void (*what)(const exchange&)) {
  if (e->request.method != "GET") return e->answer(not_allowed("GET"));
  const parameters given(e->where, {});
  if (given.refused()) return e->answer(problem(*given.refused()));
  what(*e);
}

}  // namespace

void serve_native(shared_exchange e) {
  const auto& path = e->where.segments;  // v1, ...
  const auto what = path.size() > 1 ? std::string_view(path[1]) : std::string_view();
  if (what == "actors") return serve_actors(std::move(e));
  if (what == "instances") return serve_instances(e);
  if (what == "dead-letters") return serve_dead_letters(e);
  if (path.size() == 2 && what == "pools") return show(e, show_pools);
  if (path.size() == 2 && what == "version") return show(e, show_version);
  e->answer(no_route());
}

outgoing list_answer(std::string_view name, std::string_view entries, std::string_view cursor) {
  outgoing answer{200, "application/json", "{", {}};
  auto& out = answer.body;
  append_quoted(out, name);
  out.append(":[").append(entries).append(R"(],"next":)");
  if (cursor.empty()) {
    out += "null";
  } else {
    append_quoted(out, cursor);
  }
  out += '}';
  return answer;
}

void append_failure(std::string& out, const failure& f) {
  out += R"({"code":)";
  append_quoted(out, to_string(f.why));
  out += R"(,"text":)";
  append_quoted(out, f.text);
  out += f.retryable ? R"(,"retryable":true})" : R"(,"retryable":false})";
}

outgoing no_route() { return problem(404, "no_route", "nothing is served at this path"); }

}  // namespace reprise::gateway
