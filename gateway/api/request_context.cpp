#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

std::string request_context::base() const {
  if (request.host.empty()) return options.url;
  return (request.from != nullptr && request.from->secure ? "https://" : "http://") + request.host;
}

}  // namespace reprise::gateway
