#include "tests/examples/player.hpp"

#include <stdexcept>
#include <utility>

#include "actors/orchestration/retry_decision.hpp"
#include "examples/application.hpp"
#include "gateway/json/json_in.hpp"
#include "gateway/json/json_out.hpp"

namespace examples {

using namespace reprise::internal;
using reprise::event_kind;
using reprise::failure;
using reprise::generation;
using reprise::history_event;
using reprise::payload;
using reprise::payload_type;
using reprise::result;

namespace {

payload from_json(const payload_type& type, const std::string& json) {
  auto read = reprise::gateway::read_json(type, json);
  if (!read) throw std::runtime_error(read.error().text);
  return *read;
}

std::string to_json(const payload_type& type, const result<payload>& answer) {
  if (!answer) return std::string(to_string(answer.error().why)) + ": " + answer.error().text;
  std::string text;
  if (auto written = reprise::gateway::append_json(text, type, answer->bytes()); !written)
    throw std::runtime_error(written.error().text);
  return text;
}

history_event answer_to(std::uint64_t step, result<payload> answer) {
  history_event given;
  given.kind = event_kind::answered;
  given.target = step;
  if (answer)
    given.value = *std::move(answer);
  else
    given.error = answer.error();
  return given;
}

}  // namespace

player::player() : app_(application()) {}
player::~player() = default;

std::string player::operate(const std::string& type, const std::string& key,
                            const std::string& operation, const std::string& json) {
  const auto* what = app_.find_actor(type)->find(operation);
  return to_json(*what->out, run_operation(type, key, operation, from_json(*what->in, json)));
}

void player::start(const std::string& orchestration, const std::string& json) {
  code_ = app_.find_orchestration(orchestration);
  run_ = std::make_unique<orchestration_run>(*code_, "played", generation{1, 1});
  history_.clear();
  timers_.clear();
  history_event begin;
  begin.kind = event_kind::started;
  begin.name = orchestration;
  begin.value = from_json(*code_->in, json);
  inputs_.push_back(std::move(begin));
  settle();
}

void player::raise(const std::string& name, const std::string& json) {
  history_event raised;
  raised.kind = event_kind::raised;
  raised.name = name;
  raised.value = from_json(*app_.find_event(name)->type, json);
  inputs_.push_back(std::move(raised));
  settle();
}

void player::pass(reprise::duration span) {
  now_ += span;
  while (!timers_.empty() && timers_.begin()->first <= now_) {
    inputs_.push_back(answer_to(timers_.begin()->second, payload{}));
    timers_.erase(timers_.begin());
  }
  settle();
}

std::string player::outcome() const {
  if (history_.empty() || history_.back().kind != event_kind::completed) return "waiting";
  const auto& last = history_.back();
  return to_json(*code_->out,
                 last.error ? result<payload>(*last.error) : result<payload>(last.value));
}

std::string player::replay_every_beginning() const {
  for (std::size_t length = 1; length <= history_.size(); ++length) {
    // A transition is whole: an input with all of its steps.
    if (length < history_.size() && !is_input(history_[length].kind)) continue;
    orchestration_run again(*code_, "played", generation{1, 1});
    for (std::size_t i = 0; i < length; ++i) again.replay(history_[i]);
    again.replayed();
    if (const auto& found = again.diverged())
      return "at " + std::to_string(found->number) + ": " + found->recorded + " / " + found->taken;
    if (!again.take_steps().empty()) return "new steps after " + std::to_string(length);
  }
  return "";
}

void player::settle() {
  while (!inputs_.empty()) {
    auto input = std::move(inputs_.front());
    inputs_.pop_front();
    if (input.kind != event_kind::answered || run_->open(input.target)) feed(std::move(input));
  }
}

void player::feed(history_event input) {
  if (run_->finished()) return;
  input.number = run_->next_number();
  input.at = now_;
  history_.push_back(input);
  run_->feed(input);
  for (auto& step : run_->take_steps()) {
    history_.push_back(step);
    perform(step);
  }
}

void player::perform(const history_event& step) {
  if (step.kind == event_kind::activity)
    inputs_.push_back(answer_to(step.number, run_activity(step)));
  else if (step.kind == event_kind::operation)
    inputs_.push_back(
        answer_to(step.number, run_operation(step.name, step.key, step.operation, step.value)));
  else if (step.kind == event_kind::timer)
    timers_.emplace(step.due, step.number);
}

result<payload> player::run_activity(const history_event& step) {
  const auto* bound = app_.find_activity(step.name);
  for (std::uint32_t attempt = 1;; ++attempt) {
    ++attempts_[step.name];
    reprise::attempt_context here("played@1.1#" + std::to_string(step.number), attempt);
    auto answer = bound->code->run(step.value, here);
    if (answer || !next_attempt(step.policy, attempt, now_, now_, answer.error())) return answer;
  }
}

result<payload> player::run_operation(const std::string& type, const std::string& key,
                                      const std::string& operation, const payload& input) {
  const auto* bound = app_.find_actor(type);
  auto& object = actors_[type + "/" + key];
  if (!object) {
    object = bound->code->make();
    object->load(payload{});
  }
  auto taken = input;
  return object->run(*bound->find(operation), taken, {key, {}, now_, 0}, nullptr).answer;
}

}  // namespace examples
