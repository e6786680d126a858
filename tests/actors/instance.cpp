#include "tests/actors/instance.hpp"

#include <exception>

#include "actors/orchestration/steps.hpp"

namespace reprise::testing {
using internal::orchestration_run;

namespace {
const reprise::generation generation{7, 42};

std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const auto& line : lines) all += (all.empty() ? "" : ", ") + line;
  return all;
}
}  // namespace

void instance::begin() {
  run_ =
      std::make_unique<orchestration_run>(*app_.find_orchestration("body"), "order-7", generation);
}

instance::~instance() {
  if (!cuts_ || run_->diverged() || std::uncaught_exceptions() > 0) return;
  for (std::size_t length = 0; length <= history_.size(); ++length) check_cut(length);
}

std::string instance::feed(const history_event& given, std::optional<failure> error) {
  auto& input = history_.emplace_back(given);
  input.error = std::move(error);
  input.number = run_->next_number();
  input.at = now_;
  run_->feed(input);
  std::vector<std::string> lines;
  for (auto& step : run_->take_steps()) {
    lines.push_back(std::to_string(step.number) + " " + describe(step));
    BOOST_TEST(step.number == history_.size());
    history_.push_back(std::move(step));
  }
  return joined(lines);
}

std::string instance::start() {
  history_event input;
  input.kind = event_kind::started;
  input.name = "body";
  input.value = input_;
  return feed(input);
}

std::string instance::answered(std::uint64_t step, payload with) {
  history_event input;
  input.kind = event_kind::answered;
  input.target = step;
  input.value = std::move(with);
  return feed(input);
}

std::string instance::fail(std::uint64_t step, failure why) {
  history_event input;
  input.kind = event_kind::answered;
  input.target = step;
  return feed(input, std::move(why));
}

std::string instance::raised(std::string name, payload with) {
  history_event input;
  input.kind = event_kind::raised;
  input.name = std::move(name);
  input.value = std::move(with);
  return feed(input);
}

std::string instance::waits() const { return joined(run_->waiting_for()); }

std::unique_ptr<orchestration_run> instance::undone(
    std::vector<std::uint64_t> numbers, const std::vector<history_event>& history) const {
  auto run =
      std::make_unique<orchestration_run>(*app_.find_orchestration("body"), "order-7", generation);
  run->undo(std::move(numbers));
  for (const auto& one : history) run->replay(one);
  run->replayed();
  return run;
}

// A history cut in the middle of a transition does not happen in a store, but the rule is the same:
// the steps that are missing are taken again.
void instance::check_cut(std::size_t length) const {
  std::vector<history_event> rebuilt(history_.begin(),
                                     history_.begin() + static_cast<long>(length));
  auto run = replayed(rebuilt);
  BOOST_TEST_CONTEXT("history cut at " << length) {
    BOOST_TEST(!run->diverged().has_value());
    auto take = [&] {
      for (auto& step : run->take_steps()) rebuilt.push_back(std::move(step));
    };
    take();
    while (rebuilt.size() < history_.size()) {
      const auto& input = history_[rebuilt.size()];
      BOOST_TEST_REQUIRE(is_input(input.kind));
      rebuilt.push_back(input);
      run->feed(input);
      take();
    }
    BOOST_TEST((rebuilt == history_));
    BOOST_TEST(run->finished() == run_->finished());
    BOOST_TEST(run->waiting_for() == run_->waiting_for(), boost::test_tools::per_element());
    BOOST_TEST(run->buffered_events() == run_->buffered_events());
  }
}

}  // namespace reprise::testing
