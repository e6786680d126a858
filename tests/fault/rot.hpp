// Random damage: one flipped bit of a folder's files, or a truncated file.

#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace reprise::fault {

class rot {
 public:
  // Reads the files that are in `folder` now.
  explicit rot(const std::string& folder);

  // Makes `folder` a copy of the original with one damage. Returns a description of it.
  std::string damaged_copy(const std::string& folder, std::mt19937_64& chance) const;

 private:
  struct piece {
    std::string name;  // below the folder
    std::uint64_t size = 0, used = 0;
  };
  std::string folder_;
  std::vector<piece> pieces_;
  std::uint64_t used_ = 0;
};

// Verdicts on damaged folders, and how often each occurred.
class verdicts {
 public:
  void count(const std::string& verdict) { counts_.push_back(verdict); }
  void print(const std::string& of) const;

 private:
  std::vector<std::string> counts_;
};

}  // namespace reprise::fault
