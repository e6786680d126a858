#include "gateway/v1/health.hpp"

#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

http_response green() { return {200, "text/plain", "ok\n", {}}; }

http_response stopped() {
  return problem(503, "failed", "the store has stopped: start the server again, its log says why");
}

}  // namespace

void show_liveness(const shared_request& e) { e->answer(e->on.failed() ? stopped() : green()); }

void show_readiness(const shared_request& e) {
  if (e->on.failed()) return e->answer(stopped());
  if (e->server.draining) return e->answer(problem(503, "not_ready", "the server is stopping"));
  if (e->on.ready()) return e->answer(green());
  const auto now = e->on.figures();
  e->answer(problem(503, "not_ready",
                    now.full        ? "the disk is full: free space, reads go on"
                    : now.must_wait ? "the disk is behind: writes wait for it"
                                    : "the node is starting"));
}

}  // namespace reprise::gateway
