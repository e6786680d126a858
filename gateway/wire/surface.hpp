// One of the two APIs as its clients see it: how it words a refusal, and which credentials it takes.
//
// /v1 answers problem details (RFC 9457); health, metrics and paths that nothing serves do too. The routes
// of Durable Functions answer {"Message": ...}, and 404 without a body.

#pragma once

#include <string_view>

#include "actors/failure.hpp"
#include "gateway/wire/http_message.hpp"
#include "gateway/wire/target.hpp"

namespace reprise::gateway {

struct surface {
  bool takes_code;  // `code=` is a credential: a key, a token or a signed URL
  http_response (*refusal)(unsigned status, std::string_view code, std::string_view text);
  http_response (*failed)(const failure&);
  http_response (*no_route)();
  http_response (*wrong_method)(std::string_view methods);  // "GET, DELETE": those of the path
};

extern const surface native_surface, durable_surface;

const surface& surface_of(const target&) noexcept;
// Returns the surface of a target that cannot be, or is not yet, parsed.
const surface& surface_of_raw(std::string_view target) noexcept;

}  // namespace reprise::gateway
