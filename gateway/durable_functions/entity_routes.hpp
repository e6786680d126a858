// The entities of Durable Functions, which are actors here: the entity's name is the actor's type, the
// keys are the same, and a signal is an operation whose result is not sent.
//
// POST entities/NAME/KEY?op=OPERATION · DELETE entities/NAME/KEY · GET entities/NAME/KEY (state) ·
// GET entities[/NAME] (list) · DELETE instances/@NAME@KEY (purge).
//
// A signal is answered when it is durable, which here is after its turn. If a critical section holds the
// actor, that is after the section ends.

#pragma once

#include <memory>
#include <string>

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void serve_entities(const std::shared_ptr<request_context>&);
// Removes an entity with its entries. `id`: @NAME@KEY.
void purge_entity(const std::shared_ptr<request_context>&, const std::string& id);

}  // namespace reprise::gateway
