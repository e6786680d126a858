// Critical sections: one orchestration holds several actors at once.
//
//   auto held = co_await reprise::lock(bank::account("ann"), bank::account("bob"));
//   co_await bank::withdraw("ann", cents);     // no other call runs between these two
//   co_await bank::deposit("bob", cents);
//   held.release();                            // or at the end of the scope
//
// The actors are locked one after the other, in the order of their addresses, so two sections
// cannot deadlock. While they are held, all other calls to them wait, reads included. The lock is
// durable state of the actors and of the instance, not of `held`: it survives crashes and ends with
// the instance at the latest. Nothing is rolled back.
//
// A section may call only its own actors. It may not tell anything, take a second lock or await a
// sub-orchestration, and no call may be open when it begins. Each of these is a failure.
// Activities, timers and events are allowed. A lock cannot be an arm of `all`, `race` or `begin`.

#pragma once

#include <concepts>
#include <memory>
#include <utility>
#include <vector>

#include "actors/all.hpp"
#include "actors/contract.hpp"
#include "actors/task.hpp"

namespace reprise {

// A held section. Released by `release`, or when it is destroyed while its orchestration runs.
class [[nodiscard("a section that is dropped is released")]] section {
 public:
  explicit section(std::weak_ptr<internal::steps*> run) : run_(std::move(run)) {}
  section(section && other) noexcept : run_(std::exchange(other.run_, {})) {}
  section& operator=(section&& other) noexcept;
  ~section() { end(); }

  // Releases the actors. Throws `failed` while a call to one of them is open: await or cancel it first.
  void release();

 private:
  void end() noexcept;

  std::weak_ptr<internal::steps*> run_;  // expired: released
};

class [[nodiscard("a lock is taken when it is awaited")]] lock_of {
 public:
  explicit lock_of(std::vector<actor_ref> actors) : actors_(std::move(actors)) {}
  std::vector<actor_ref>& actors() noexcept { return actors_; }

 private:
  std::vector<actor_ref> actors_;
};

// Locks these actors, up to 1,000 (max_actors_of_section), each once. co_await gives the section
// when all are held; it throws `failed` if a section is open, a call is open, or a key is invalid.
inline lock_of lock(std::vector<actor_ref> actors) { return lock_of(std::move(actors)); }

template <std::same_as<actor_ref>... More>
lock_of lock(actor_ref first, More... more) {
  std::vector<actor_ref> actors;
  actors.reserve(1 + sizeof...(More));
  actors.push_back(std::move(first));
  (actors.push_back(std::move(more)), ...);
  return lock_of(std::move(actors));
}

namespace internal {

// Locks the actors one after the other.
task<section> held(std::weak_ptr<steps*> run, std::vector<actor_ref> actors);

class lock_awaiter : public task_awaiter<section> {
 public:
  lock_awaiter(steps& run, lock_of what)
      : task_awaiter<section>(run, held(run.life(), std::move(what.actors()))) {}
};
template <>
struct awaiter_of<lock_of> {
  using type = lock_awaiter;
};

template <>
class attempt_awaiter<lock_of> : public lock_awaiter {
 public:
  attempt_awaiter(steps& run, attempted<lock_of> what)
      : lock_awaiter(run, std::move(what.inner())) {}
  result<section> await_resume();
};

}  // namespace internal
}  // namespace reprise
