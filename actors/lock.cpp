#include "actors/lock.hpp"

namespace reprise {

section& section::operator=(section&& other) noexcept {
  if (this != &other) {
    end();
    run_ = std::exchange(other.run_, {});
  }
  return *this;
}

void section::end() noexcept {
  if (const auto run = std::exchange(run_, {}).lock()) (*run)->unlock();
}

void section::release() {
  const auto run = run_.lock();
  if (!run) return;
  if ((*run)->calls_open())
    throw failed({cause::invalid,
                  "release: a call to a locked actor is open; await it or cancel it first", false});
  end();
}

namespace internal {
namespace {

// An awaitable for one actor of a section.
class next_lock {
 public:
  explicit next_lock(const actor_ref& wanted) : wanted_(wanted) {}
  const actor_ref& wanted() const noexcept { return wanted_; }

 private:
  const actor_ref& wanted_;
};

class next_lock_awaiter {
 public:
  next_lock_awaiter(steps& run, const next_lock& what)
      : run_(run), asked_(run.lock(what.wanted())) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) { run_.wait_all(self, {&asked_, 1}); }
  void await_resume() {
    if (auto answer = run_.take(asked_); !answer) throw failed(answer.error());
  }

 private:
  steps& run_;
  ticket asked_;
};

}  // namespace

template <>
struct awaiter_of<next_lock> {
  using type = next_lock_awaiter;
};

task<section> held(std::weak_ptr<steps*> run, std::vector<actor_ref> actors) {
  if (const auto asked = run.lock()) (*asked)->begin_section(actors);
  section all(std::move(run));  // if one fails, its destructor releases the others
  for (const auto& one : actors) co_await next_lock(one);
  co_return all;
}

result<section> attempt_awaiter<lock_of>::await_resume() {
  try {
    return lock_awaiter::await_resume();
  } catch (const failed& refused) {
    return refused.why();
  }
}

}  // namespace internal
}  // namespace reprise
