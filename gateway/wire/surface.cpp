#include "gateway/wire/surface.hpp"

#include "gateway/json/text.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

constinit const surface native_surface{
    .takes_code = false,
    .refusal = problem,
    .failed = problem,
    .no_route =
        [] {
          return problem(404, "no_route",
                         "nothing is served at this path: /openapi.json lists what is under /v1");
        },
    .wrong_method = not_allowed};

constinit const surface durable_surface{
    .takes_code = true,
    .refusal = [](unsigned status, std::string_view,
                  std::string_view text) { return message(status, text); },
    .failed =
        [](const failure& f) {
          return f.why == cause::not_found ? http_response{404, "", "", {}} : message(f);
        },
    .no_route =
        [] {
          return http_response{404, "", "", {}};
        },
    .wrong_method =
        [](std::string_view) {
          return http_response{404, "", "", {}};
        }};

const surface& surface_of(const target& where) noexcept {
  const auto& path = where.segments;
  const bool is_theirs = path.size() >= 3 && same_ignoring_case(path[0], "runtime") &&
                         same_ignoring_case(path[1], "webhooks") &&
                         same_ignoring_case(path[2], "durabletask");
  return is_theirs ? durable_surface : native_surface;
}

const surface& surface_of_raw(std::string_view target) noexcept {
  constexpr std::string_view root = "/runtime/webhooks/durabletask";
  return same_ignoring_case(target.substr(0, root.size()), root) ? durable_surface : native_surface;
}

}  // namespace reprise::gateway
