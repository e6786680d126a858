#include "runtime/internal/retention.hpp"

#include "runtime/internal/engine.hpp"
#include "runtime/internal/listing.hpp"

namespace reprise::runtime {
namespace {

constexpr duration at_a_time = std::chrono::minutes(1);

void retire(engine& e, instance_state how, duration kept) {
  if (kept <= duration::zero()) return;
  instance_filter old;
  old.states = {how};
  old.updated_before = e.now() - kept;
  purge_instances(e, old, e.now() + at_a_time, [&e](result<purge_report> r) {
    if (!r)
      e.say(log_level::warning, "retention: " + r.error().text);
    else if (r->purged > 0)
      e.say(log_level::info, "retention: " + std::to_string(r->purged) + " instances purged");
  });
}

}  // namespace

void retire_ended(engine& e) {
  if (!e.clock.may_forget()) return;
  const auto& keep = e.options.retention;
  retire(e, instance_state::completed, keep.completed);
  retire(e, instance_state::failed, keep.failed);
  retire(e, instance_state::terminated, keep.terminated);
}

}  // namespace reprise::runtime
