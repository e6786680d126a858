#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "examples/application.hpp"
#include "tests/bench/folds.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {

bench_node::bench_node(const options& asked, const std::string& name)
    : folder_(asked.folder + "/" + name) {
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directories(folder_);
  reprise::node_options how;
  how.data = folder_;
  auto opened = reprise::node::open(std::move(how), examples::application());
  if (!opened) {
    std::fprintf(stderr, "reprise-bench: %s\n", opened.error().text.c_str());
    std::exit(1);
  }
  node_ = std::move(*opened);
}

bench_node::~bench_node() {
  node_->close();
  node_.reset();
  std::filesystem::remove_all(folder_);
}

unsigned bench_node::folds() {
  const auto before = std::exchange(seen_, folds_of(folder_));
  return static_cast<unsigned>(seen_ - before);
}

}  // namespace reprise::bench
