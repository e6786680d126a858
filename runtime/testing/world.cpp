#include "runtime/world.hpp"

#include <utility>

#include "persistence/memory_store.hpp"
#include "runtime/testing/simulated_machine.hpp"

namespace reprise::testing {
namespace {

constexpr auto longest_wait = std::chrono::hours(24 * 366);

failure no_answer(const std::string& what) {
  return {cause::timed_out, what + ": nothing is left to happen, and there is no answer", false};
}

}  // namespace

class world::machine {
 public:
  machine(application code, std::uint64_t seed) : code_(std::move(code)), process_(seed) {
    begin();
  }

  void begin() {
    process_.open(code_, std::make_unique<persistence::memory_store>(disk_),
                  runtime::engine_options{});
  }
  void bind(application code) { code_ = std::move(code); }
  runtime::simulated_machine& process() noexcept { return process_; }
  node& at() { return process_.at(); }

  template <class R, class Ask>
  R answer_to(const std::string& what, Ask ask) {
    auto answer = process_.answer_to<R>(std::move(ask));
    return answer ? *std::move(answer) : R(no_answer(what));
  }

  // The failure of a wait for an instance's end when nothing is left to run.
  failure goes_no_further(const std::string& id) {
    auto why = no_answer("end of " + id);
    const auto waits = process_.answer_to<result<instance_waits>>(
        [&](auto told) { at().instances().why(id, std::move(told)); });
    if (waits && *waits)
      for (const auto& each : (*waits)->reasons)
        why.text += "; it waits for " + each.what + ": " + each.owed_by;
    return why;
  }

 private:
  application code_;
  std::shared_ptr<persistence::memory_disk> disk_ = std::make_shared<persistence::memory_disk>();
  runtime::simulated_machine process_;
};

world::world(application code, std::uint64_t seed)
    : machine_(std::make_unique<machine>(std::move(code), seed)) {}
world::~world() = default;

result<payload> world::perform(request what, ask_options o) {
  if (what.kind == request_kind::orchestration) {
    const auto id = begin(std::move(what), std::move(o));
    return id ? outcome(*id) : result<payload>(id.error());
  }
  const auto name = what.name + " " + what.operation;
  return machine_->answer_to<result<payload>>(name, [&](auto told) {
    machine_->at().perform(std::move(what), std::move(o), std::move(told));
  });
}

result<> world::tell(const request& what) {
  const auto told = machine_->at().tell(what);
  while (!told.ready() && machine_->process().step()) {
  }
  if (!told.ready()) return no_answer(what.name + " " + what.operation);
  const auto answer = told.get();
  return answer ? result<>(done) : result<>(answer.error());
}

result<std::string> world::begin(request what, ask_options o) {
  const auto name = "start of " + what.name;
  return machine_->answer_to<result<std::string>>(name, [&](auto told) {
    machine_->at().start(std::move(what), std::move(o), std::move(told));
  });
}

result<> world::raise(const request& event, ask_options o) {
  return machine_->answer_to<result<>>("event " + event.name, [&](auto told) {
    machine_->at().instances().raise(event, std::move(o), std::move(told));
  });
}

result<> world::terminate(const std::string& id, const std::string& reason) {
  return machine_->answer_to<result<>>("end of " + id, [&](auto told) {
    machine_->at().instances().terminate(id, {reason}, {}, std::move(told));
  });
}

result<instance_status> world::status(const std::string& id, with_history how) {
  return machine_->answer_to<result<instance_status>>("status of " + id, [&](auto told) {
    machine_->at().instances().status(id, how, std::move(told));
  });
}

result<payload> world::outcome(const std::string& id) {
  auto slot = std::make_shared<std::optional<result<instance_status>>>();
  machine_->at()
      .instances()
      .wait(id, [slot](result<instance_status> s) { *slot = std::move(s); })
      .keep();
  machine_->process().run_until([&] { return slot->has_value(); }, longest_wait);
  if (!*slot) return machine_->goes_no_further(id);
  return **slot ? (**slot)->outcome.value() : result<payload>((*slot)->error());
}

void world::run() { machine_->process().run(); }
void world::advance(duration d) { machine_->process().executor().advance(d); }
time_point world::now() const { return machine_->process().now(); }

void world::restart() {
  machine_->process().crash();
  machine_->begin();
}

void world::restart(application code) {
  machine_->bind(std::move(code));
  restart();
}

}  // namespace reprise::testing
