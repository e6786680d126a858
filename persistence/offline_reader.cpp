#include "persistence/offline_reader.hpp"

#include "persistence/tools/offline.hpp"

namespace reprise::persistence {

class offline_reader::open_folder {
 public:
  explicit open_folder(std::unique_ptr<internal::offline_folder> folder)
      : folder_(std::move(folder)), above_(folder_->above->look()) {}

  load_answer read(const load_request& what) {
    return *folder_->on_disk->read(what, above_);  // no fold can overtake the view
  }

 private:
  std::unique_ptr<internal::offline_folder> folder_;
  internal::view above_;
};

result<std::unique_ptr<offline_reader>> offline_reader::open(const std::string& folder) {
  auto off = internal::open_offline(folder);
  if (!off) return std::move(off).error();
  if (auto damaged = internal::damage_of((*off)->log)) return *std::move(damaged);
  return std::unique_ptr<offline_reader>(
      new offline_reader(std::make_unique<open_folder>(std::move(*off))));
}

offline_reader::offline_reader(std::unique_ptr<open_folder> f) : folder_(std::move(f)) {}
offline_reader::~offline_reader() = default;

load_answer offline_reader::read(const load_request& what) { return folder_->read(what); }

}  // namespace reprise::persistence
