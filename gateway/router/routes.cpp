#include "gateway/router/routes.hpp"

#include <algorithm>

#include "actors/limits.hpp"
#include "gateway/durable_functions/durable_functions.hpp"
#include "gateway/json/json_parts.hpp"
#include "gateway/json/text.hpp"
#include "gateway/v1/health.hpp"
#include "gateway/v1/metrics.hpp"
#include "gateway/v1/native_routes.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

std::string_view without_port(std::string_view host) noexcept {
  const auto bracket = host.rfind(']');
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket))
    return host;
  return host.substr(0, colon);
}

// Returns whether the request comes from a page of this server. A page may POST to any server, and the
// browser states the page's origin. The scheme must match too: a page loaded over plain HTTP could be
// forged, even if it has the name of a server that speaks TLS.
bool is_same_origin(const http_request& request) noexcept {
  const bool secure = request.from != nullptr && request.from->secure;
  const std::string_view scheme = secure ? "https://" : "http://";
  const std::string_view origin = request.origin;
  return same_ignoring_case(origin.substr(0, scheme.size()), scheme) &&
         same_ignoring_case(origin.substr(std::min(scheme.size(), origin.size())), request.host);
}

// Returns the 415 for a body with a Content-Encoding or charset that the server does not read.
std::optional<http_response> refused_coding(const http_request& request) {
  const auto& on = surface_of_raw(request.target);
  if (request.body.empty()) return std::nullopt;
  const auto& coding = request.content_encoding;
  if (!coding.empty() && !same_ignoring_case(coding, "identity")) {
    auto refused = on.refusal(415, "media_type",
                              "the body is " + coding + ": send it without a Content-Encoding");
    refused.fields.emplace_back("Accept-Encoding", "identity");
    return refused;
  }
  const auto charset = charset_of(request.content_type);
  for (const std::string_view readable : {"", "utf-8", "utf8", "us-ascii"})
    if (same_ignoring_case(charset, readable)) return std::nullopt;
  return on.refusal(415, "media_type", "the body must be in UTF-8, not " + charset);
}

// Returns whether a JSON body exceeds --max-json-depth. The reader of the body enforces max_json_depth
// itself.
bool is_too_deep(const http_request& request, const route_kind& kind,
                 const limits& allowed) noexcept {
  if (allowed.json_depth >= max_json_depth) return false;
  const bool is_json = is_json_media(request.content_type) || kind.name == "instance.start";
  return is_json && nests_deeper(request.body, allowed.json_depth);
}

}  // namespace

routes::routes(node& on, route_options options)
    : server_(on, std::move(options), std::make_shared<request_metrics>(on.bound())) {}

bool routes::is_ours(std::string_view host) const noexcept {
  if (server_.options.hosts.empty() || host.empty()) return true;
  const auto name = without_port(host);
  return std::any_of(server_.options.hosts.begin(), server_.options.hosts.end(),
                     [&](const std::string& one) { return same_ignoring_case(one, name); });
}

bool routes::may_send(const http_request& request) const noexcept {
  const auto& known = server_.options.origins;
  return is_same_origin(request) ||
         std::any_of(known.begin(), known.end(), [&](const std::string& one) {
           return same_ignoring_case(one, request.origin);
         });
}

http_response routes::options_of(const target& where) {
  if (&surface_of(where) == &durable_surface) {
    const auto methods = durable_functions_methods(where);
    return methods.empty() ? http_response{404, "", "", {}} : options(methods);
  }
  const auto methods = native_methods(where.segments);
  return methods.empty() ? native_surface.no_route() : options(methods);
}

void routes::turn_red() { server_.draining = true; }

void routes::drain() {
  turn_red();
  server_.changes.close();
}

void routes::refuse(const reply& to, std::string_view reason, http_response&& answer) const {
  server_.options.seen->refused.add(reason);
  to(std::move(answer));
}

void routes::dispatch(const shared_request& e) {
  if (&surface_of(e->where) == &durable_surface) return serve_durable_functions(e);
  const auto& path = e->where.segments;
  if (!path.empty() && (path[0] == "v1" || path[0] == "openapi.json")) return serve_native(e);
  if (path.size() == 1 && path[0] == "metrics")
    return e->request.method == "GET" ? show_metrics(e) : e->answer(not_allowed("GET"));
  e->answer(native_surface.no_route());
}

// Dispatches if the principal may access this instance. A scope limited to a type needs the type of
// the instance; a signed URL needs the time when it was created. Only the node knows both.
void routes::dispatch_if(const shared_request& e, const route_kind& kind,
                         std::shared_ptr<const principal> who) const {
  if (!is_key(kind.id)) return refuse(e->answer, "scope", lacks_scope(*who, kind, {}));
  e->on.instances().status(
      kind.id, with_history::no,
      [this, e, kind, who = std::move(who)](result<instance_status> found) {
        if (!found) return e->answer(kind.on->failed(found.error()));
        if (e->by && e->by->created != found->created)
          return refuse(e->answer, "unauthorized",
                        bad_url(*kind.on, "this URL was signed for an earlier instance"));
        if (who->may(kind.needs, orchestration_name(found->orchestration).base)) return dispatch(e);
        // Do not reveal the type of the instance.
        refuse(e->answer, "scope", lacks_scope(*who, kind, {}));
      });
}

void routes::admit(http_request&& request, target&& where,
                   const std::shared_ptr<recorded_reply>& watched) {
  const auto& kind = watched->kind();
  const reply answer(watched);
  const auto crowd = server_.figures->in_flight.load(std::memory_order_relaxed);
  if (crowd > static_cast<std::int64_t>(server_.options.limits.in_flight) &&
      kind.name != "metrics") {
    const failure full{cause::overloaded,
                       "too many requests wait for their answers; try again later", true};
    return refuse(answer, "in_flight", kind.on->failed(full));
  }
  admission in;
  if (server_.options.authorizer != nullptr)
    in = server_.options.authorizer->admit(request, where, kind);
  if (in.who != nullptr) {
    request.principal = in.who->name;
    watched->known(in.who->name);
  }
  if (in.refusal) {
    const auto status = in.refusal->status;
    return refuse(answer,
                  status == 401   ? "unauthorized"
                  : status == 429 ? "rate"
                                  : "scope",
                  std::move(*in.refusal));
  }
  if (auto refused = refused_coding(request))
    return refuse(answer, "malformed", *std::move(refused));
  if (is_too_deep(request, kind, server_.options.limits)) {
    const failure deep{cause::invalid,
                       "the JSON has more levels than this server takes: serve --max-json-depth",
                       false};
    return refuse(answer, "malformed", kind.on->failed(deep));
  }
  auto e = std::make_shared<request_context>(server_, std::move(request), std::move(where), answer,
                                             in.by);
  if (in.depends_on_instance || in.by) return dispatch_if(e, kind, std::move(in.who));
  dispatch(e);
}

void routes::operator()(http_request&& request, reply answer) {
  const auto no = [&](unsigned status, std::string_view code, const std::string& text) {
    refuse(answer, code, surface_of_raw(request.target).refusal(status, code, text));
  };
  if (!is_ours(request.host))
    return no(421, "host", "this server is not known as " + request.host + " (--host adds a name)");
  if (request.method != "GET" && request.has_origin && !may_send(request))
    return no(403, "origin", "requests of pages from '" + request.origin + "' are refused");
  if (request.method == "OPTIONS" && request.target == "*")
    return answer(options("GET, POST, DELETE"));
  auto where = parse_target(request.target);
  if (!where) return no(400, "malformed", "the URL is not percent-encoded UTF-8");
  if (&surface_of(*where) == &durable_surface) drop_empty_id(*where);
  if (request.method == "OPTIONS") return answer(options_of(*where));
  const auto& path = where->segments;
  if (path.size() == 1 && (path[0] == "livez" || path[0] == "readyz")) {
    if (request.method != "GET") return answer(not_allowed("GET"));
    const bool live = path[0] == "livez";
    const auto e = std::make_shared<request_context>(server_, std::move(request), std::move(*where),
                                                     std::move(answer));
    return live ? show_liveness(e) : show_readiness(e);
  }
  if (server_.options.spans != nullptr && !request.trace) request.trace = new_trace();
  const auto watched = std::make_shared<recorded_reply>(
      std::move(answer), server_.figures, server_.options.logs, request, kind_of(request, *where));
  admit(std::move(request), std::move(*where), watched);
}

}  // namespace reprise::gateway
