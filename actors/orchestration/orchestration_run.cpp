#include "actors/orchestration/orchestration_run.hpp"

#include <algorithm>
#include <cassert>
#include <map>

#include "actors/actor/text.hpp"
#include "actors/bindings.hpp"
#include "actors/orchestration/orchestration_code.hpp"
#include "actors/orchestration/steps.hpp"

namespace reprise::internal {

namespace {

// One input of the history with the steps that follow it.
struct passage {
  history_event input;
  std::vector<history_event> steps;
  std::size_t undone = 0;  // further steps, which a rewind took back
};

}  // namespace

class orchestration_run::machine {
 public:
  machine(const bound_orchestration& binding, std::string id, generation g)
      : code_(*binding.code), steps_(std::move(id), g, {binding.name, binding.in}) {}
  ~machine() { end(); }

  void undo(std::vector<std::uint64_t> numbers) {
    if (!numbers.empty()) seldom().undone = std::move(numbers);
  }
  void replay(const history_event& recorded);
  void replayed();
  void feed(const history_event& input);
  std::vector<history_event> take_steps();

  steps& asked() noexcept { return steps_; }
  const steps& asked() const noexcept { return steps_; }
  const std::optional<divergence>& found() const noexcept {
    static const std::optional<divergence> none;
    return seldom_ ? seldom_->found : none;
  }
  bool finished() const noexcept { return finished_; }
  std::vector<history_event> take_unseen() {
    return seldom_ ? std::exchange(seldom_->unseen, {}) : std::vector<history_event>();
  }
  std::size_t footprint() const noexcept {
    return sizeof *this + counted_ + steps_.footprint() + (seldom_ ? sizeof(seldom_used) : 0);
  }

 private:
  struct seldom_used {
    std::vector<std::uint64_t> undone;                // ascending
    std::map<std::uint64_t, history_event> deferred;  // by number: recorded while no code ran
    std::vector<history_event> unseen;
    std::optional<divergence> found;
  };
  seldom_used& seldom() {
    if (!seldom_) seldom_ = std::make_unique<seldom_used>();
    return *seldom_;
  }

  std::unique_ptr<passage> play(
      const history_event* next);  // the passage that was played, for reuse
  void handle(const history_event& input);
  void give(const history_event& input);
  void begin(const history_event& started);
  void complete(result<payload>);
  bool undone(std::uint64_t number) const noexcept;
  bool compare(const std::vector<history_event>& recorded, const history_event* next);
  void diverge(std::uint64_t number, std::string recorded, std::string taken);
  void end();

  const orchestration_code& code_;
  steps steps_;
  std::coroutine_handle<> root_;
  std::unique_ptr<passage> held_;  // replay: not run yet
  std::unique_ptr<seldom_used> seldom_;
  std::uint32_t counted_ = 0;  // bytes of its frames and of the values in them
  bool begun_ = false;
  bool finished_ = false;
};

// Destroys the frame with everything it owns. What its destructors request is not recorded.
void orchestration_run::machine::end() {
  steps_.shut();
  if (root_) std::exchange(root_, {}).destroy();
  counted_ = 0;
}

void orchestration_run::machine::diverge(std::uint64_t number, std::string recorded,
                                         std::string taken) {
  seldom().found = divergence{number, std::move(recorded), std::move(taken)};
  steps_.shut();  // the frame stays suspended until the run is destroyed
  steps_.taken().clear();
}

bool orchestration_run::machine::undone(std::uint64_t number) const noexcept {
  return seldom_ && std::binary_search(seldom_->undone.begin(), seldom_->undone.end(), number);
}

void orchestration_run::machine::replay(const history_event& recorded) {
  if (found()) return;
  if (is_input(recorded.kind)) {
    auto next = play(&recorded);
    if (!next) next = std::make_unique<passage>();
    next->input = recorded;
    next->steps.clear();
    next->undone = 0;
    held_ = std::move(next);
  } else if (!held_) {  // a step before any input
    diverge(recorded.number, describe(recorded), "nothing");
  } else if (undone(recorded.number)) {
    ++held_->undone;
  } else {
    held_->steps.push_back(recorded);
  }
}

void orchestration_run::machine::replayed() { play(nullptr); }

// Runs the held input and compares its steps. `next` is the input that follows; after the last one,
// null, the code may have gone beyond what is recorded.
std::unique_ptr<passage> orchestration_run::machine::play(const history_event* next) {
  auto held = std::exchange(held_, nullptr);
  if (!held || found()) return held;
  if (held->input.number != steps_.next_number()) {
    diverge(steps_.next_number(), describe(held->input) + " with another number", "nothing");
    return held;
  }
  const steps::recording recorded{held->steps, next == nullptr};
  steps_.expect(&recorded);
  handle(held->input);
  steps_.expect(nullptr);
  if (compare(held->steps, next))
    for (std::size_t i = 0; i < held->undone; ++i) steps_.skip_number();
  return held;
}

// Compares names, not contents: a different input, due time or policy is not a different step.
bool orchestration_run::machine::compare(const std::vector<history_event>& recorded,
                                         const history_event* next) {
  auto& taken = steps_.taken();
  for (std::size_t i = 0; i < recorded.size(); ++i) {
    const auto& there = recorded[i];
    if (i == taken.size()) {
      diverge(there.number, describe(there), "nothing (the code waits)");
      return false;
    }
    const auto& here = taken[i];
    const bool by_target = there.kind == event_kind::withdrawn || there.kind == event_kind::unlock;
    const bool same = there.number == here.number && there.kind == here.kind &&
                      there.name == here.name && there.operation == here.operation &&
                      there.key == here.key && (!by_target || there.target == here.target);
    if (same) continue;
    diverge(there.number, describe(there), describe(here));
    return false;
  }
  if (next && taken.size() > recorded.size()) {
    const auto& beyond = taken[recorded.size()];
    diverge(beyond.number, "nothing (" + describe(*next) + " comes next)", describe(beyond));
    return false;
  }
  taken.erase(taken.begin(), taken.begin() + static_cast<long>(recorded.size()));
  return true;
}

void orchestration_run::machine::feed(const history_event& input) {
  if (found()) return;
  assert(is_input(input.kind) && input.number == steps_.next_number());
  handle(input);
}

std::vector<history_event> orchestration_run::machine::take_steps() {
  return std::exchange(steps_.taken(), {});
}

void orchestration_run::machine::handle(const history_event& input) {
  const bool taken_back = undone(input.number);
  if (input.kind == event_kind::fed) {
    auto& deferred = seldom().deferred;
    const auto earlier = deferred.find(input.target);
    const bool known = earlier != deferred.end();
    steps_.begin_input(input, known ? earlier->second.at : input.at);
    if (!known || (taken_back && !earlier->second.error)) return;  // it stays deferred
    const auto given = std::move(earlier->second);
    deferred.erase(earlier);
    if (!taken_back) return give(given);
    return steps_.want_again(given.target);
  }
  steps_.begin_input(input, input.at);
  if (taken_back && input.kind == event_kind::answered && input.error && !input.deferred) return;
  if (!input.deferred && !taken_back) return give(input);
  if (input.kind == event_kind::answered) steps_.defer_answer(input.target);
  seldom().deferred.emplace(input.number, input);
}

// Runs the code until it waits again, or ends.
void orchestration_run::machine::give(const history_event& input) {
  if (finished_) return;
  const auto before = counted_bytes();
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
    case event_kind::suspended:
    case event_kind::resumed:
    case event_kind::rewound:
      return;  // the code is not notified
    default:
      assert(false && "no input");
  }
  if (finished_ || !root_) return;
  counted_ += static_cast<std::uint32_t>(counted_bytes() - before);
  if (steps_.continued()) {
    auto unseen = steps_.unseen();
    if (seldom_)
      for (auto& [number, later] : seldom_->deferred)
        if (later.kind == event_kind::raised) unseen.push_back(std::move(later));
    if (!unseen.empty()) seldom().unseen = std::move(unseen);
    finished_ = true;
    end();
  } else if (steps_.overrun()) {
    complete(failure{cause::limit, "more than 100,000 steps for one input (max_steps_per_input)",
                     false});
  } else if (root_.done()) {
    try {
      complete(code_.outcome(root_));
    } catch (...) {
      complete(failure_of_current_exception());
    }
  }
}

void orchestration_run::machine::begin(const history_event& started) {
  if (std::exchange(begun_, true)) return;
  try {
    auto frame = code_.make(started.value, steps_);
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

orchestration_run::orchestration_run(const bound_orchestration& binding, std::string id,
                                     generation g)
    : machine_(std::make_unique<machine>(binding, std::move(id), g)) {}
orchestration_run::~orchestration_run() = default;

void orchestration_run::undo(std::vector<std::uint64_t> numbers) {
  machine_->undo(std::move(numbers));
}
void orchestration_run::replay(const history_event& recorded) { machine_->replay(recorded); }
void orchestration_run::replayed() { machine_->replayed(); }
void orchestration_run::feed(const history_event& input) { machine_->feed(input); }
std::vector<history_event> orchestration_run::take_steps() { return machine_->take_steps(); }
std::vector<std::string> orchestration_run::take_lines() { return machine_->asked().take_lines(); }
std::vector<history_event> orchestration_run::take_unseen() { return machine_->take_unseen(); }

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
std::size_t orchestration_run::buffered_bytes() const noexcept {
  return machine_->asked().buffered_bytes();
}
std::size_t orchestration_run::footprint() const noexcept { return machine_->footprint(); }
std::vector<std::string> orchestration_run::waiting_for() const {
  return machine_->asked().waiting_for();
}

}  // namespace reprise::internal
