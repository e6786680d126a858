#include "tests/support/family.hpp"

#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

namespace reprise::testing::family {
namespace {

using namespace std::chrono_literals;

std::set<std::string>& broken_jobs() {
  static std::set<std::string> inputs;
  return inputs;
}

task<std::string> run_kid(value<std::string> input) {
  if (*input == "wait") {
    auto got = co_await coin();
    co_return std::to_string(*got);
  }
  auto done = co_await job(*input);
  co_return "<" + *done + ">";
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

task<std::string> word_of(std::vector<std::string> word) {
  const std::string kind = word[0], x = word.back();
  if (kind == "kid") {
    auto r = co_await kid(x);
    co_return *r;
  }
  if (kind == "as") {
    auto r = co_await kid.as(word[1], x);
    co_return *r;
  }
  if (kind == "try") {
    auto r = co_await attempt(kid(x));
    co_return r ? **r : std::string(to_string(r.error().why));
  }
  if (kind == "tryas") {
    auto r = co_await attempt(kid.as(word[1], x));
    co_return r ? **r : std::string(to_string(r.error().why));
  }
  if (kind == "thrice") {
    auto r = co_await attempt(kid(x).with({.attempts = 3, .first = 1s}));
    co_return r ? **r : std::string(to_string(r.error().why));
  }
  if (kind == "soon") {
    auto r = co_await attempt(kid(x).within(5s));
    co_return r ? **r : std::string(to_string(r.error().why));
  }
  if (kind == "again") {
    auto r = co_await attempt(kid(x).within(5s).with({.attempts = 2, .first = 1s}));
    co_return r ? **r : std::string(to_string(r.error().why));
  }
  if (kind == "all") {
    std::vector<start_call<std::string>> calls;
    for (auto& one : split(x, ',')) calls.push_back(kid(one));
    auto all_of_them = co_await all(std::move(calls));
    std::string out;
    for (auto& one : all_of_them) out += *one;
    co_return out;
  }
  if (kind == "race") {
    auto r = co_await race(kid(x), sleep(1h));
    co_return r ? **r : "late";
  }
  if (kind == "purse") {
    auto sum = co_await purse.as(x, number{0});
    co_return std::to_string(*sum);
  }
  if (kind == "tell") {
    co_await tell(kid.as(word[1], x));
    co_return "told";
  }
  auto r = co_await job(x);
  co_return *r;
}

task<std::string> run_elder(value<std::string> input) {
  std::string out;
  for (auto& word : split(*input, ' ')) {
    auto parts = split(word, ':');
    auto said = co_await word_of(std::move(parts));
    out += (out.empty() ? "" : " ") + *said;
  }
  co_return out;
}

task<number> run_line(number depth) {
  if (depth == 0) {
    auto got = co_await coin();
    co_return *got;
  }
  auto both = co_await all(line(depth - 1), line(depth - 1));
  co_return *std::get<0>(both) + *std::get<1>(both);
}

task<number> run_purse(number sum) {
  co_await set_status(sum);
  auto got = co_await coin();
  if (*got != 0) co_await continue_as_new(number{sum + *got});
  co_return sum;
}

task<number> run_untidy_purse(number sum) {
  auto left = co_await begin(job("left"));
  auto clock = co_await begin(sleep(1h));
  auto got = co_await coin();
  auto unseen = co_await begin(coin());
  if (*got != 0) co_await continue_as_new(untidy_purse(sum + *got));
  co_return sum;
}

task<number> run_spin(number left) {
  if (left != 0) co_await continue_as_new(number{left - 1});
  co_return 7;
}

}  // namespace

result<std::string> do_job(std::string input) {
  if (broken_jobs().contains(input)) return fail(input + " is broken");
  return input;
}

void broken(const std::string& input, bool is) {
  if (is)
    broken_jobs().insert(input);
  else
    broken_jobs().erase(input);
}

void bind(application& app) {
  app.bind(job, do_job)
      .bind(coin)
      .bind(kid, run_kid)
      .bind(elder, run_elder)
      .bind(line, run_line)
      .bind(purse, run_purse)
      .bind(untidy_purse, run_untidy_purse)
      .bind(spin, run_spin);
}

application bound() {
  application app;
  bind(app);
  return app;
}

instance_status page_of(world& w, const std::string& id) {
  const auto s = w.status(id, with_history::yes);
  if (!s || !*s) throw std::runtime_error("no status of " + id);
  return **s;
}

std::size_t history_of(world& w, const std::string& id) { return page_of(w, id).history.size(); }

std::string end_of(world& w, const std::string& id) {
  const auto s = w.status(id);
  if (!s) return "no answer";
  if (!*s) return std::string(to_string(s->error().why));
  const auto& page = **s;
  if (!page.outcome) return "state " + std::to_string(static_cast<int>(page.state));
  if (!*page.outcome)
    return (page.state == instance_state::terminated ? "terminated: " : "failed: ") +
           page.outcome->error().text;
  const auto* bound = w.at().bound().find_orchestration(page.orchestration);
  if (bound->out->kind == payload_kind::text)
    return "completed: " + std::string((*page.outcome)->bytes());
  return "completed: " + std::to_string(*codec<number>::decode(**page.outcome).operator*());
}

namespace {
template <class T>
result<T> said(std::optional<result<T>> r) {
  if (!r) return failure{cause::failed, "no answer", false};
  return *std::move(r);
}
}  // namespace

result<> suspend(world& w, const std::string& id) {
  return said(answer<void>(w, [&](auto told) { w.at().instances().suspend(id, "why", {}, told); }));
}
result<> resume(world& w, const std::string& id) {
  return said(answer<void>(w, [&](auto told) { w.at().instances().resume(id, "why", {}, told); }));
}
result<> rewind(world& w, const std::string& id) {
  return said(answer<void>(w, [&](auto told) { w.at().instances().rewind(id, "why", {}, told); }));
}
result<> purge(world& w, const std::string& id, children which) {
  return said(answer<void>(w, [&](auto told) { w.at().instances().purge(id, {which}, {}, told); }));
}
result<> terminate(world& w, const std::string& id, children which) {
  return said(answer<void>(w, [&](auto told) {
    w.at().instances().terminate(id, {"why", which}, {}, told);
  }));
}
result<std::string> restart(world& w, const std::string& id, const std::string& new_id) {
  return said(
      answer<std::string>(w, [&](auto told) { w.at().instances().restart(id, new_id, {}, told); }));
}

}  // namespace reprise::testing::family
