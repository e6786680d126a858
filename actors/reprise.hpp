// <reprise/reprise.hpp>: everything needed to write actors, activities and orchestrations. To run them, include
// <reprise/node.hpp>, or <reprise/main.hpp> for a whole program.

#pragma once

#include "actors/orchestration/language.hpp"  // first: it checks the language version

#include "actors/all.hpp"
#include "actors/application.hpp"
#include "actors/attempt_context.hpp"
#include "actors/codec.hpp"
#include "actors/contract.hpp"
#include "actors/failure.hpp"
#include "actors/lock.hpp"
#include "actors/moment.hpp"
#include "actors/pending.hpp"
#include "actors/race.hpp"
#include "actors/state.hpp"
#include "actors/table.hpp"
#include "actors/task.hpp"
#include "actors/turn.hpp"
#include "actors/value.hpp"
