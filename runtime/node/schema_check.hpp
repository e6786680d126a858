// Stores the types that payloads were written with, and compares them at every open.
//
// A payload's bytes do not contain their type. So the kind of payload is recorded for every durable
// name and, for Cap'n Proto structs, their schema nodes with everything they refer to. A program whose
// types cannot read what is stored is refused, and the refusal names the durable name and the field.

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

// The result of a comparison, as text for people, in the order of names.
struct schema_findings {
  std::vector<std::string> misfits;  // by durable name or field; the program is refused
  std::vector<std::string> unbound;  // "activity charge in": stored, but not bound
  // Bound, but not recorded like this: name in meta, value.
  std::map<std::string, std::string> fresh;
};

// Reads only. cause::corrupt: the recorded types cannot be read.
result<schema_findings> compare_schemas(const read_records&, const bindings&);

// Compares, and commits what is new together with `first`, before an open writes anything else. Blocks;
// call before any host runs. cause::invalid: names everything that does not fit. Stored names that are
// not bound are reported to `log`: what is stored under them waits for a program that binds them.
result<> check_schemas(persistence::store&, const bindings&, const log_sink& log = {},
                       persistence::batch first = {});

}  // namespace reprise::runtime
