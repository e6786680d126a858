#include "actors/internal/orchestration_run.hpp"

#include <cassert>
#include <unordered_map>

#include "actors/application.hpp"
#include "actors/internal/orchestration_code.hpp"
#include "actors/internal/steps.hpp"
#include "actors/internal/text.hpp"

namespace reprise::internal {

class orchestration_run::machine {
 public:
  machine(const orchestration_binding& binding, std::string id, generation g)
      : code_(binding.code), steps_(std::move(id), g) {}
  ~machine() { end(); }

  void replay(const event& recorded);
  void replayed();
  void feed(const event& input);
  std::vector<event> take_steps();

  steps& asked() noexcept { return steps_; }
  const steps& asked() const noexcept { return steps_; }
  const std::optional<divergence>& found() const noexcept { return divergence_; }
  bool finished() const noexcept { return finished_; }

 private:
  void handle(const event& input);
  void give(const event& input);
  void begin(const event& started);
  void complete(result<payload>);
  void compare(const event& recorded, const event& taken);
  void diverge(std::uint64_t number, std::string recorded, std::string taken);
  void end();

  std::shared_ptr<const orchestration_code> code_;
  steps steps_;
  std::coroutine_handle<> root_;
  std::size_t compared_ = 0;  // of the steps taken: those that replay has seen in the history
  std::unordered_map<std::uint64_t, event> deferred_;  // by number: consumed while no code ran
  bool begun_ = false;
  bool finished_ = false;
  std::optional<divergence> divergence_;
};

// The frame is destroyed with everything it owns; what destructors ask for is not recorded.
void orchestration_run::machine::end() {
  steps_.shut();
  if (root_) std::exchange(root_, {}).destroy();
}

void orchestration_run::machine::diverge(std::uint64_t number, std::string recorded,
                                         std::string taken) {
  divergence_ = divergence{number, std::move(recorded), std::move(taken)};
  steps_.shut();  // the frame stays where it is until the run is destroyed
  steps_.taken().clear();
  compared_ = 0;
}

void orchestration_run::machine::replay(const event& recorded) {
  if (divergence_) return;
  auto& taken = steps_.taken();
  if (is_input(recorded.kind)) {
    if (compared_ < taken.size())
      return diverge(taken[compared_].number, "nothing (" + describe(recorded) + " comes next)",
                     describe(taken[compared_]));
    taken.clear();
    compared_ = 0;
    if (recorded.number != steps_.next_number())
      return diverge(steps_.next_number(), describe(recorded) + " with another number", "nothing");
    return handle(recorded);
  }
  if (compared_ == taken.size())
    return diverge(recorded.number, describe(recorded), "nothing (the code waits)");
  compare(recorded, taken[compared_++]);
}

// Names decide, not contents: another input, due time or policy is no other step.
void orchestration_run::machine::compare(const event& recorded, const event& taken) {
  bool same = recorded.number == taken.number && recorded.kind == taken.kind &&
              recorded.name == taken.name && recorded.operation == taken.operation &&
              recorded.key == taken.key &&
              (recorded.kind != event_kind::withdrawn || recorded.target == taken.target) &&
              (recorded.kind != event_kind::unlock || recorded.target == taken.target);
  if (!same) diverge(recorded.number, describe(recorded), describe(taken));
}

void orchestration_run::machine::replayed() {
  auto& taken = steps_.taken();
  if (compared_ > 0) taken.erase(taken.begin(), taken.begin() + static_cast<long>(compared_));
  compared_ = 0;
}

void orchestration_run::machine::feed(const event& input) {
  if (divergence_) return;
  assert(is_input(input.kind) && input.number == steps_.next_number());
  handle(input);
}

std::vector<event> orchestration_run::machine::take_steps() {
  return std::exchange(steps_.taken(), {});
}

void orchestration_run::machine::handle(const event& input) {
  if (input.kind == event_kind::fed) {
    auto earlier = deferred_.extract(input.target);
    steps_.begin_input(input, earlier ? earlier.mapped().at : input.at);
    if (earlier) give(earlier.mapped());
    return;
  }
  steps_.begin_input(input, input.at);
  if (!input.deferred) return give(input);
  if (input.kind == event_kind::answered) steps_.defer_answer(input.target);
  deferred_.emplace(input.number, input);
}

// Runs the code until it waits again, or ends.
void orchestration_run::machine::give(const event& input) {
  if (finished_) return;
  switch (input.kind) {
    case event_kind::started:
      begin(input);
      break;
    case event_kind::answered:
      steps_.answer(input);
      break;
    case event_kind::raised:
      steps_.raise(lower_case(input.name), input.value);
      break;
    default:
      assert(false && "no input");
  }
  if (finished_ || !root_) return;
  if (steps_.overrun()) {
    complete(failure{cause::limit, "more than 100,000 steps for one input (max_steps_per_input)",
                     false});
  } else if (root_.done()) {
    try {
      complete(code_->outcome(root_));
    } catch (...) {
      complete(failure_of_current_exception());
    }
  }
}

void orchestration_run::machine::begin(const event& started) {
  if (std::exchange(begun_, true)) return;
  try {
    auto frame = code_->make(started.value, steps_);
    if (!frame) return complete(frame.error());
    root_ = *frame;
  } catch (...) {
    return complete(failure_of_current_exception());
  }
  steps_.start(root_);
}

void orchestration_run::machine::complete(result<payload> outcome) {
  steps_.complete(std::move(outcome));
  finished_ = true;
  end();
}

orchestration_run::orchestration_run(const orchestration_binding& binding, std::string id,
                                     generation g)
    : machine_(std::make_unique<machine>(binding, std::move(id), g)) {}
orchestration_run::~orchestration_run() = default;

void orchestration_run::replay(const event& recorded) { machine_->replay(recorded); }
void orchestration_run::replayed() { machine_->replayed(); }
void orchestration_run::feed(const event& input) { machine_->feed(input); }
std::vector<event> orchestration_run::take_steps() { return machine_->take_steps(); }

std::uint64_t orchestration_run::next_number() const noexcept {
  return machine_->asked().next_number();
}
const std::optional<divergence>& orchestration_run::diverged() const noexcept {
  return machine_->found();
}
bool orchestration_run::finished() const noexcept { return machine_->finished(); }
bool orchestration_run::open(std::uint64_t step) const noexcept {
  return machine_->asked().open_step(step);
}
std::size_t orchestration_run::buffered_events() const noexcept {
  return machine_->asked().buffered();
}
std::vector<std::string> orchestration_run::waiting_for() const {
  return machine_->asked().waiting_for();
}

}  // namespace reprise::internal
