#include "examples/approval/approval.hpp"

#include <chrono>

namespace examples::approval {
namespace {

reprise::task<Answer> run_approval(reprise::value<Request> request) {
  const auto limit = std::chrono::seconds(request->getTimeoutSeconds());
  auto answer = co_await reprise::race(decision(), reprise::sleep(limit));
  const char* outcome = !answer ? "timed out" : (*answer)->getApproved() ? "approved" : "rejected";
  co_return reprise::make<Answer>([&](auto out) { out.setOutcome(outcome); });
}

}  // namespace

void bind(reprise::application& app) { app.bind(decision).bind(approval, run_approval); }

}  // namespace examples::approval
