// What an operation can read and request during its turn; its optional last parameter.
//
// Everything it reads comes from the recorded turn, so a second run sees the same. Messages that
// are told, started or raised leave with the turn's transition, or not at all when the operation
// rejects, fails or throws. A test makes a turn from literals and checks what was requested:
//   reprise::turn here({.key = "tea", .now = noon});
//   shelf.sell(ask, grant, here);
//   BOOST_TEST(here.emissions().size() == 1);

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "actors/actor/turn_result.hpp"
#include "actors/call.hpp"
#include "actors/contract.hpp"
#include "actors/time.hpp"

namespace reprise {

// What a test gives to a turn.
struct turn_given {
  std::string key = {};    // of the actor
  address caller = {};     // an instance with an empty key: a client
  time_point now = {};     // recorded
  std::uint64_t seed = 0;  // of random()
};

namespace internal {
class resident_actor;

// The same by reference, while the operation runs.
struct turn_seen {
  const std::string& key;
  const address& caller;
  time_point now;
  std::uint64_t seed;
};
}  // namespace internal

class turn {
 public:
  explicit turn(turn_given&& given)
      : kept_(std::make_unique<const turn_given>(std::move(given))),
        given_{kept_->key, kept_->caller, kept_->now, kept_->seed} {}

  // The key of the actor.
  const std::string& key() const noexcept { return given_.key; }
  // Who called: an actor, or an instance; an instance with an empty key is a client.
  const address& caller() const noexcept { return given_.caller; }
  // The recorded time of the turn, not the current time.
  time_point now() const noexcept { return given_.now; }
  std::uint64_t random() noexcept;  // uniform; the same series whenever this message is handled

  // Sends a message to another actor, or to this one, without an answer. Delivered not before `due`.
  template <class Call>
  requires requires { typename Call::answer; }
  void tell(Call what, time_point due = {}) {
    internal::require_told<Call>();
    emit(internal::emission_kind::tell, std::move(what).what(), due);
  }
  // Starts an orchestration that is not a child. Without an id, one is generated.
  template <class Out>
  void start(start_call<Out> what) {
    emit(internal::emission_kind::start, std::move(what).what(), {});
  }
  // Raises an event: raise(shop::verdict, "order-7", [&](auto v) { v.setApproved(true); })
  template <class T, class... Input>
  void raise(const event<T>& what, internal::whole_text id, Input&&... input) {
    emit(internal::emission_kind::raise, what.to(id, std::forward<Input>(input)...), {});
  }

  // Erases the actor with all its entries. State and entries written later in this turn start from empty.
  void erase();

  // For tests: what the turn told, started and raised, in order, and whether it erased the actor.
  const std::vector<internal::emission>& emissions() const noexcept { return emissions_; }
  bool erased() const noexcept { return erased_; }

 private:
  friend class internal::resident_actor;
  turn(const internal::turn_seen& given, internal::resident_actor* actor)
      : given_(given), actor_(actor) {}
  void emit(internal::emission_kind, request&&, time_point due);

  std::unique_ptr<const turn_given> kept_;  // in a test
  internal::turn_seen given_;
  std::uint64_t drawn_ = 0;
  std::vector<internal::emission> emissions_;
  bool erased_ = false;
  internal::resident_actor* actor_ = nullptr;  // none in a test
};

}  // namespace reprise
