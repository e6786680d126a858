// Counts how often a data folder's tables were folded, from outside: each fold is one LMDB
// transaction, and LMDB writes its number to one of two meta pages at the start of the file.

#pragma once

#include <cstdint>
#include <string>

namespace reprise::bench {

// Transactions committed so far; 0 if there is no file yet.
std::uint64_t folds_of(const std::string& data_folder);

}  // namespace reprise::bench
