#include "tests/bench/folds.hpp"

#include <algorithm>
#include <fstream>

namespace reprise::bench {

std::uint64_t folds_of(const std::string& data_folder) {
  // LMDB 0.9, 64 bit: page header 16, then magic, version, address, map size 24, two table records
  // of 48 each, last page 8, transaction number 8.
  constexpr std::streamoff page = 4096, transaction = 16 + 24 + 96 + 8;
  std::ifstream file(data_folder + "/tables/data.mdb", std::ios::binary);
  std::uint64_t newest = 0;
  for (const auto start : {std::streamoff{0}, page}) {
    std::uint64_t number = 0;
    file.seekg(start + transaction);
    if (file.read(reinterpret_cast<char*>(&number), sizeof number))
      newest = std::max(newest, number);
  }
  return newest;
}

}  // namespace reprise::bench
