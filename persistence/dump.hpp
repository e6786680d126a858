// Writes every record of a data folder that no process holds as JSON lines, for people and for
// programs that do not have our code: what the tables and the log together hold, in key order.
//
//   {"table":"actors","key":{"type":"stock","key":"tea"},"record":{"state":"<base64>","updated":1}}
//
// Fields are those of persistence/records.capnp. Bytes are a string if they are printable UTF-8
// ("field":"..."), otherwise {"base64":"..."}. 64-bit integers are strings.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "persistence/errc.hpp"

namespace reprise::persistence {

// Calls `line` with the line of each record, without a newline. Returns the number of records. A
// damaged record has "damaged" in place of "record".
result<std::uint64_t> dump_folder(const std::string& folder,
                                  const std::function<void(std::string_view line)>& line);

}  // namespace reprise::persistence
