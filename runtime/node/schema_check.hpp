// The types that the stored bytes were written with: kept in the store, compared at every open.
//
// A payload's bytes say nothing of their type. So for every durable name the kind of its payloads
// is recorded, and for Cap'n Proto structs their schema nodes with all they refer to. A program
// whose types cannot read what is stored is refused, naming the durable name and the field.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "actors/application.hpp"
#include "actors/failure.hpp"
#include "persistence/batch.hpp"
#include "persistence/store.hpp"
#include "runtime/log_sink.hpp"
#include "runtime/reading/read_records.hpp"

namespace reprise::runtime {

// All that a comparison finds, each in words for a person, in the order of names.
struct schema_findings {
  std::vector<std::string> misfits;          // by durable name or field: this program is refused
  std::vector<std::string> unbound;          // "activity charge in": stored, and bound by nobody
  std::map<std::string, std::string> fresh;  // bound and not recorded so: name in meta, value
};

// Reads only. Fails with cause::corrupt when what is recorded cannot be read.
result<schema_findings> compare_schemas(const read_records&, const application&);

// Compares, and records what is new together with `first`, which an open writes before anything else.
// Blocks; before any host runs. Fails with cause::invalid, naming all that does not fit. Names on disk
// that nobody binds are said to `log`: what is stored under them waits for a program that does.
result<> check_schemas(persistence::store&, const application&, const log_sink& log = {},
                       persistence::batch first = {});

}  // namespace reprise::runtime
