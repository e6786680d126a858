// Implements actor_object for any user's struct: the struct, its durable members, and its
// operations as functions of bytes.

#pragma once

#include <memory>
#include <vector>

#include "actors/actor/actor_members.hpp"
#include "actors/actor/actor_object.hpp"
#include "actors/actor/user_struct.hpp"
#include "actors/turn.hpp"

namespace reprise::internal {

class resident_actor final : public actor_object {
 public:
  explicit resident_actor(std::shared_ptr<const user_struct>);

  void load(payload state) override;
  const payload& state() const noexcept override { return committed_; }
  turn_result run(const bound_operation&, payload& input, const turn_seen&, entry_source*) override;
  std::size_t footprint() const noexcept override;

  // The durable members, for application::bind.
  const std::vector<state_member*>& states() const noexcept { return states_; }
  const std::vector<table_member*>& tables() const noexcept { return tables_; }

  void erase();  // turn::erase

 private:
  result<payload> call(const bound_operation&, payload input, turn&);
  void collect(turn&, turn_result&);
  void roll_back();

  std::shared_ptr<const user_struct> code_;
  std::vector<state_member*> states_;
  std::vector<table_member*> tables_;
  std::shared_ptr<void> object_;
  payload committed_;
};

class resident_code final : public actor_code {
 public:
  explicit resident_code(std::shared_ptr<const user_struct> made) : struct_(std::move(made)) {}
  std::unique_ptr<actor_object> make() const override {
    return std::make_unique<resident_actor>(struct_);
  }

 private:
  std::shared_ptr<const user_struct> struct_;
};

}  // namespace reprise::internal
