// A real, small filesystem for the life of this object, and a way to fill it.

#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace reprise::fault {

class small_disk {
 public:
  enum class kind { tmpfs, ext4 };

  // Mounts it at `folder`, which must exist. Null: this process may not mount, or cannot make one.
  static std::unique_ptr<small_disk> mount(kind, const std::string& folder, unsigned megabytes);
  ~small_disk();
  small_disk(const small_disk&) = delete;

  void take(std::uint64_t bytes);  // or as many as are free
  void take_all() { take(~std::uint64_t{0}); }
  void make_room();  // frees what was taken

 private:
  explicit small_disk(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

}  // namespace reprise::fault
