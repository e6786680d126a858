// A real filesystem of few bytes, for as long as this lives, and what fills it besides a server.

#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace reprise::fault {

class small_disk {
 public:
  enum class kind { tmpfs, ext4 };

  // Mounted at `folder`, which is there. Null: this process may not mount, or cannot make one.
  static std::unique_ptr<small_disk> mount(kind, const std::string& folder, unsigned megabytes);
  ~small_disk();
  small_disk(const small_disk&) = delete;

  void take(std::uint64_t bytes);  // or as many as there are
  void take_all() { take(~std::uint64_t{0}); }
  void make_room();  // what was taken is free again

 private:
  explicit small_disk(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

}  // namespace reprise::fault
