// A folder for one test, removed with it.

#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace reprise::gateway_test {

class scratch_folder {
 public:
  scratch_folder() : path_((std::filesystem::temp_directory_path() / "reprise-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder");
  }
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  std::string at(std::string_view name) const { return path_ + "/" + std::string(name); }
  // Returns the path of the file.
  std::string write(std::string_view name, std::string_view text) const {
    std::ofstream(at(name)) << text;
    return at(name);
  }

 private:
  std::string path_;
};

}  // namespace reprise::gateway_test
