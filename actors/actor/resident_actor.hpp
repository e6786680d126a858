// Implements actor_object for any user's struct: the struct, its durable members, and its
// operations as functions of bytes.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/actor/actor_members.hpp"
#include "actors/actor/actor_object.hpp"
#include "actors/turn.hpp"

namespace reprise::internal {

using operation_code = std::function<result<payload>(void* object, payload input, turn&)>;

// The bound operations of one actor type, shared by its objects. Complete before the first is made.
struct actor_code {
  std::shared_ptr<void> (*construct)() = nullptr;  // makes the user's struct
  std::size_t size = 0;
  std::vector<operation_code> operations;  // by operation_binding::index
};

class resident_actor final : public actor_object {
 public:
  explicit resident_actor(std::shared_ptr<const actor_code>);

  void load(payload state) override;
  const payload& state() const noexcept override { return committed_; }
  turn_result run(const operation_binding&, payload& input, const turn_seen&,
                  entry_source*) override;
  std::size_t footprint() const noexcept override;

  // The durable members, for application::bind.
  const std::vector<state_member*>& states() const noexcept { return states_; }
  const std::vector<table_member*>& tables() const noexcept { return tables_; }

  void erase();  // turn::erase

 private:
  result<payload> call(const operation_binding&, payload input, turn&);
  void collect(turn&, turn_result&);
  void roll_back();

  std::shared_ptr<const actor_code> code_;
  std::vector<state_member*> states_;
  std::vector<table_member*> tables_;
  std::shared_ptr<void> object_;
  payload committed_;
};

}  // namespace reprise::internal
