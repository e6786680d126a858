#include "gateway/internal/routes.hpp"

#include <algorithm>

#include "gateway/internal/durable_functions.hpp"
#include "gateway/internal/native_routes.hpp"
#include "gateway/internal/problem.hpp"
#include "gateway/internal/text.hpp"

namespace reprise::gateway {

namespace {

std::string_view without_port(std::string_view host) noexcept {
  const auto bracket = host.rfind(']');
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket))
    return host;
  return host.substr(0, colon);
}

// A page may send a POST anywhere; the browser says where the page came from.
bool is_same_origin(std::string_view origin, std::string_view host) noexcept {
  for (const std::string_view scheme : {"http://", "https://"})
    if (origin.starts_with(scheme) && same_ignoring_case(origin.substr(scheme.size()), host))
      return true;
  return false;
}

bool is_durable_functions(const std::vector<std::string>& s) noexcept {
  return s.size() >= 3 && same_ignoring_case(s[0], "runtime") &&
         same_ignoring_case(s[1], "webhooks") && same_ignoring_case(s[2], "durabletask");
}

}  // namespace

std::string exchange::base() const {
  return request.host.empty() ? options.url : "http://" + request.host;
}

routes::routes(node& on, route_options options) : node_(on), options_(std::move(options)) {}

bool routes::is_ours(std::string_view host) const noexcept {
  if (options_.hosts.empty() || host.empty()) return true;
  const auto name = without_port(host);
  return std::any_of(options_.hosts.begin(), options_.hosts.end(),
                     [&](const std::string& one) { return same_ignoring_case(one, name); });
}

outgoing routes::health(std::string_view which) const {
  const bool red = which == "readyz" && (draining_ || !node_.ready());
  if (red)
    return problem(503, "not_ready",
                   draining_ ? "the server is stopping" : "the node is not ready");
  return {200, "text/plain", "ok\n", {}};
}

void routes::operator()(incoming request, reply answer) {
  if (!is_ours(request.host))
    return answer(problem(421, "host",
                          "this server is not known as " + request.host + " (--host adds a name)"));
  if (request.method != "GET" && !request.origin.empty() &&
      !is_same_origin(request.origin, request.host))
    return answer(
        problem(403, "origin", "requests of pages from " + request.origin + " are refused"));
  auto where = parse_target(request.target);
  if (!where) return answer(problem(400, "malformed", "the URL is not percent-encoded UTF-8"));
  const auto& path = where->segments;
  if (path.size() == 1 && (path[0] == "livez" || path[0] == "readyz")) {
    if (request.method == "GET") return answer(health(path[0]));
    return answer(not_allowed("GET"));
  }
  const bool is_df = is_durable_functions(path);
  const bool is_native =
      !path.empty() && (path[0] == "v1" || (path.size() == 1 && path[0] == "openapi.json"));
  if (!is_df && !is_native) return answer(no_route());
  auto e = std::make_shared<exchange>(
      exchange{node_, options_, std::move(request), std::move(*where), std::move(answer)});
  if (is_df) return serve_durable_functions(std::move(e));
  serve_native(e);
}

}  // namespace reprise::gateway
