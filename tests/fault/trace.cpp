#include "tests/fault/trace.hpp"

#include <fstream>
#include <stdexcept>

namespace reprise::fault {

void each_entry(const std::string& path, const std::function<void(const entry&)>& visit) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("there is no trace in " + path);
  entry one;
  while (file.read(reinterpret_cast<char*>(&one.head), sizeof one.head)) {
    one.path.resize(one.head.path_size);
    one.data.resize(one.head.data_size);
    file.read(one.path.data(), static_cast<std::streamsize>(one.path.size()));
    if (!file.read(one.data.data(), static_cast<std::streamsize>(one.data.size()))) return;
    visit(one);
  }
}

}  // namespace reprise::fault
