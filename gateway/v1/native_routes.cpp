#include "gateway/v1/native_routes.hpp"

#include <algorithm>

#include "actors/fresh_key.hpp"
#include "gateway/json/json_out.hpp"
#include "gateway/json/json_writer.hpp"
#include "gateway/wire/entity_tag.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

// A route of the table, with its path split into segments once.
struct split_route {
  const route* row;
  std::vector<std::string_view> segments;

  bool leads_to(const std::vector<std::string>& path) const noexcept {
    return std::equal(segments.begin(), segments.end(), path.begin(), path.end(),
                      [](std::string_view wanted, const std::string& one) {
                        return wanted.starts_with('{') || wanted == one;
                      });
  }
};

const std::vector<split_route>& split_routes() {
  static const auto all = [] {
    std::vector<split_route> made;
    for (const auto& route : native_rows()) {
      auto& one = made.emplace_back(split_route{&route, {}});
      for (auto path = route.path; !path.empty();) {
        path.remove_prefix(1);
        one.segments.push_back(path.substr(0, path.find('/')));
        path.remove_prefix(one.segments.back().size());
      }
    }
    return made;
  }();
  return all;
}

std::optional<failure> strange_key(const split_route& route, const std::vector<std::string>& path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto name = route.segments[i];
    if ((name != "{id}" && name != "{key}") || is_key(path[i])) continue;
    return failure{cause::invalid,
                   "this " + std::string(name.substr(1, name.size() - 2)) +
                       " is not allowed: " + std::string(what_keys_are),
                   false};
  }
  return std::nullopt;
}

// Returns whether the request has a precondition that this route does not check. It is refused, because
// the effect must not happen unconditionally.
bool is_lost_on(const route& row, const http_request& request) {
  return has_condition(request) && request.method != "GET" &&
         std::find(row.fields.begin(), row.fields.end(), "If-Match") == row.fields.end();
}

// Returns whether the route supports Prefer: wait=N. Operations accept Prefer for respond-async only.
bool may_wait(const route& row) {
  return !row.path.starts_with("/v1/actors/") &&
         std::find(row.fields.begin(), row.fields.end(), "Prefer") != row.fields.end();
}

void serve(const split_route& to, const shared_request& e) {
  const auto& route = *to.row;
  if (const auto wrong = strange_key(to, e->where.segments)) return e->answer(problem(*wrong));
  if (auto wrong = strange_parameter(e->where, route.query, e->request.target)) {
    if (e->where.find("wait") != nullptr && may_wait(route))
      wrong->text += "; to wait for the end, send the field Prefer: wait=SECONDS";
    return e->answer(problem(*wrong));
  }
  if (is_lost_on(route, e->request))
    return e->answer(
        problem(412, to_string(cause::precondition_failed),
                "what is changed here has no ETag, so If-Match and If-None-Match would "
                "be lost: send the request without them"));
  route.serve(e);
}

}  // namespace

void serve_native(const shared_request& e) {
  const auto& path = e->where.segments;
  for (const auto& one : split_routes())
    if (one.row->method == e->request.method && one.leads_to(path)) return serve(one, e);
  const auto methods = native_methods(path);
  e->answer(methods.empty() ? native_surface.no_route() : not_allowed(methods));
}

std::string native_methods(const std::vector<std::string>& path) {
  std::vector<std::string_view> found;
  for (const auto& one : split_routes())
    if (one.leads_to(path)) found.push_back(one.row->method);
  // GET comes first, wherever it is in the table: HEAD is derived from that.
  std::stable_partition(found.begin(), found.end(), [](auto method) { return method == "GET"; });
  std::string all;
  for (const auto method : found) (all += all.empty() ? "" : ", ") += method;
  return all;
}

std::function<void(result<>)> no_content(const shared_request& e) {
  return [e](result<> r) {
    if (!r) return e->answer(problem(r.error()));
    e->answer({204, "", "", {}});
  };
}

http_response list_answer(std::string_view name, std::string_view entries,
                          std::string_view cursor) {
  http_response answer{200, "application/json", "{", {}};
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
  object_writer object(out);
  object.text("code", to_string(f.why));
  object.text("text", f.text);
  object.flag("retryable", f.retryable);
  if (!f.from.empty()) object.text("from", f.from);
}

}  // namespace reprise::gateway
