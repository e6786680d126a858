#include "actors/actor/resident_actor.hpp"

#include "actors/actor/chance.hpp"
#include "actors/actor/text.hpp"
#include "actors/bindings.hpp"

namespace reprise::internal {

resident_actor::resident_actor(std::shared_ptr<const user_struct> code) : code_(std::move(code)) {
  construction members;
  object_ = code_->construct();
  states_ = std::move(members.states);
  tables_ = std::move(members.tables);
}

void resident_actor::load(payload state) {
  committed_ = state;
  for (auto* member : states_) member->load(state);
}

// Calls user code and turns whatever it throws into an answer.
result<payload> resident_actor::call(const bound_operation& op, payload input, turn& here) {
  try {
    return code_->operations[op.index](object_.get(), std::move(input), here);
  } catch (const entry_missing&) {
    return fail("an entry is missing");  // discarded: the need is recorded
  } catch (...) {
    return failure_of_current_exception();
  }
}

turn_result resident_actor::run(const bound_operation& op, payload& input, const turn_seen& given,
                                entry_source* entries) {
  turn_result out;
  turn here(given, this);
  for (auto* table : tables_) table->begin(entries, &out.missing);

  // Without tables nothing can be missing, so the turn is not run again and the input may be moved.
  out.answer = call(op, tables_.empty() ? std::move(input) : input, here);
  if (!out.missing && out.answer) {
    collect(here, out);
    const bool changed = out.state || out.erased || !out.entries.empty() || !out.emissions.empty();
    if (op.read_only && changed) {
      out = turn_result{};
      out.answer = failure{cause::failed,
                           "operation " + op.name +
                               " is bound to a const member function: it may only read, but it "
                               "wrote, told, started, raised or erased",
                           false};
    }
  }
  if (out.missing) out.answer = payload{};
  if (out.missing || !out.answer)
    roll_back();
  else if (out.state || out.erased)
    committed_ = out.state ? *out.state : payload{};
  for (auto* member : states_) member->rest();
  for (auto* table : tables_) table->end();
  return out;
}

void resident_actor::collect(turn& here, turn_result& out) {
  out.erased = here.erased_;
  out.emissions = std::move(here.emissions_);
  for (auto* member : states_)
    if (member->edited()) out.state = member->finish();
  for (auto* table : tables_) table->collect(out.entries);
}

void resident_actor::roll_back() {
  for (auto* member : states_) member->load(committed_);
}

void resident_actor::erase() {
  for (auto* member : states_) member->load({});
  for (auto* table : tables_) table->clear();
}

std::size_t resident_actor::footprint() const noexcept {
  constexpr std::size_t pieces = 48;  // overhead of each allocation
  std::size_t bytes = sizeof(*this) + code_->size + committed_.size() + pieces;
  for (auto* member : states_) bytes += member->footprint();
  return bytes;
}

}  // namespace reprise::internal
