// The entities of Durable Functions: here they are actors. The entity's name is the actor's type,
// its key the actor's key, a signal an operation whose answer nobody waits for.
//
// POST entities/NAME/KEY?op=OPERATION · DELETE entities/NAME/KEY · GET entities/NAME/KEY (state) ·
// GET entities[/NAME] (list) · DELETE instances/@NAME@KEY (purge).
//
// A signal is answered when it is durable, which here is after its turn: one to an actor that a
// critical section holds is answered when the section ends.

#pragma once

#include <memory>
#include <string>

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void serve_entities(const std::shared_ptr<request_context>&);
// `id`: of the form @NAME@KEY. All that is stored of it goes.
void purge_entity(const std::shared_ptr<request_context>&, const std::string& id);

}  // namespace reprise::gateway
