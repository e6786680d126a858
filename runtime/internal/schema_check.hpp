// The types that the stored bytes were written with: kept in the store, compared at every open.
//
// A payload's bytes say nothing of their type. So for every durable name the kind of its payloads
// is recorded, and for Cap'n Proto structs their schema nodes with all they refer to. A program
// whose types cannot read what is stored is refused, naming the durable name and the field.

#pragma once

#include "actors/application.hpp"
#include "actors/failure.hpp"
#include "persistence/store.hpp"
#include "runtime/log_sink.hpp"

namespace reprise::runtime {

// Checks the bound types against the recorded ones and records those that are new. Blocks; before
// any host runs. Fails with cause::invalid when they do not fit. Names on disk that nobody binds
// are said to `log`: what is stored under them waits for a program that does.
result<> check_schemas(persistence::store&, const application&, const log_sink& log = {});

}  // namespace reprise::runtime
