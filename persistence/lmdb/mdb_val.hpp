// Converts bytes to and from LMDB's type. Nothing is copied: the bytes belong to the caller, or
// live as long as the transaction.

#pragma once

#include <lmdb.h>

#include <string_view>

namespace reprise::persistence::internal {

inline MDB_val as_val(std::string_view s) { return {s.size(), const_cast<char*>(s.data())}; }

inline std::string_view as_view(const MDB_val& v) {
  return {static_cast<const char*>(v.mv_data), v.mv_size};
}

}  // namespace reprise::persistence::internal
