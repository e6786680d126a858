#include "tests/kill/client.hpp"

namespace reprise::kill {
namespace {

std::string instance(const std::string& id) {
  return "/runtime/webhooks/durabletask/instances/" + id;
}

}  // namespace

void purger::run() {
  for (std::size_t n = 0; !ending(); ++n) {
    const auto id = name_ + "-" + std::to_string(n);
    if (!start("tree", id, R"({"depth":1,"width":3})")) return;
    if (!until_ended(id)) return;
    // Sent again after a lost answer it may find that it was done.
    const auto answer = until_answered({"DELETE", instance(id)});
    if (!answer) return;
    if (answer->status != 200 && answer->status != 404)
      found.push_back("purge of " + id + ": status " + std::to_string(answer->status));
    purged.push_back(id);
    const auto after = until_answered({"GET", instance(id)});
    if (after && after->status != 404)
      found.push_back(id + " was purged, and then: status " + std::to_string(after->status));
  }
}

void purger::check() {
  for (const auto& id : purged) {
    const auto answer = until_answered({"GET", instance(id)});
    if (answer && answer->status != 404)
      found.push_back(id + ", purged long ago, is back: status " + std::to_string(answer->status));
  }
}

}  // namespace reprise::kill
