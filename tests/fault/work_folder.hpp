// A folder for one run of a program, in memory where possible; removed with this object.

#pragma once

#include <filesystem>
#include <string>

namespace reprise::fault {

class work_folder {
 public:
  explicit work_folder(const std::string& name) {
    const std::filesystem::path memory = "/dev/shm";
    const auto parent =
        std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
    path_ = (parent / name).string();
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~work_folder() { std::filesystem::remove_all(path_); }
  work_folder(const work_folder&) = delete;
  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace reprise::fault
