// Reads a data folder that no process holds, as a store would show it and without changing it: for
// tools that decode the records themselves.
//
// Holds the folder's lock while it lives. Threads: one at a time.

#pragma once

#include <memory>
#include <string>

#include "persistence/store.hpp"

namespace reprise::persistence {

class offline_reader {
 public:
  // Opens like a store (foreign, newer, locked, io); a damaged log is errc::corrupt.
  static result<std::unique_ptr<offline_reader>> open(const std::string& folder);
  ~offline_reader();

  // Same as store::read; damaged records are named in the answer.
  load_answer read(const load_request&);

 private:
  class open_folder;
  explicit offline_reader(std::unique_ptr<open_folder>);
  std::unique_ptr<open_folder> folder_;
};

}  // namespace reprise::persistence
