#include "gateway/v1/health.hpp"

#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

http_response green() { return {200, "text/plain", "ok\n", {}}; }

http_response stopped() {
  return problem(503, "failed", "the store has stopped: start the server again, its log says why");
}

}  // namespace

void show_liveness(const shared_request& e) {
  e->answer(e->on.state() == node_state::failed ? stopped() : green());
}

void show_readiness(const shared_request& e) {
  const auto now = e->on.state();
  if (now == node_state::failed) return e->answer(stopped());
  if (e->server.draining) return e->answer(problem(503, "not_ready", "the server is stopping"));
  if (now == node_state::ready) return e->answer(green());
  e->answer(problem(503, "not_ready",
                    now == node_state::full     ? "the disk is full: free space, reads go on"
                    : now == node_state::behind ? "the disk is behind: writes wait for it"
                                                : "the node is starting"));
}

}  // namespace reprise::gateway
