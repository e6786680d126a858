#include "tests/fault/rot.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

namespace reprise::fault {

namespace fs = std::filesystem;

rot::rot(const std::string& folder) : folder_(folder) {
  for (const auto& each : fs::recursive_directory_iterator(folder)) {
    const auto name = each.path().string().substr(folder.size());
    // LMDB makes its lock file anew, and nothing stands in `lock`.
    if (!each.is_regular_file() || each.file_size() == 0 || name.ends_with("lock.mdb")) continue;
    std::ifstream file(each.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    const auto end = bytes.find_last_not_of('\0');
    pieces_.push_back({name, bytes.size(), end == bytes.npos ? 1 : end + 1});
    used_ += pieces_.back().used;
  }
}

std::string rot::damaged_copy(const std::string& folder, std::mt19937_64& chance) const {
  fs::remove_all(folder);
  // Prewritten segments are nearly all zeros.
  if (std::system(("cp -r --sparse=always " + folder_ + " " + folder).c_str()) != 0)
    throw std::runtime_error("cannot copy " + folder_);
  auto at = chance() % used_;
  const auto* hit = pieces_.data();
  while (at >= hit->used) at -= (hit++)->used;
  const auto path = folder + hit->name;
  const auto kind = chance() % 20;
  if (kind == 0) {
    fs::resize_file(path, at);
    return hit->name + " cut to " + std::to_string(at);
  }
  if (kind < 3) at = chance() % hit->size;  // also where nothing stands
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const auto bit = chance() % 8;
  const auto byte = static_cast<char>(file.get() ^ (1 << bit));
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
  if (!file.flush()) throw std::runtime_error("cannot damage " + path);
  return hit->name + " byte " + std::to_string(at) + " bit " + std::to_string(bit);
}

void verdicts::print(const std::string& of) const {
  std::map<std::string, std::size_t> sorted;
  for (const auto& each : counts_) ++sorted[each];
  std::printf("%s: %zu damages\n", of.c_str(), counts_.size());
  for (const auto& [verdict, times] : sorted) std::printf("  %5zu %s\n", times, verdict.c_str());
}

}  // namespace reprise::fault
