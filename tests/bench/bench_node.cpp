#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "tests/bench/application.hpp"
#include "tests/bench/folds.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {

bench_node::bench_node(const options& asked, const std::string& name, node_settings settings)
    : folder_(asked.folder + "/" + name), settings_(settings) {
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directories(folder_);
  open();
}

bench_node::~bench_node() {
  if (node_) close();
  std::filesystem::remove_all(folder_);
}

double bench_node::open() {
  reprise::node_options how;
  how.data = folder_;
  how.memory = settings_.memory;
  how.retention = settings_.retention;
  auto app = bench_application();
  const auto begin = std::chrono::steady_clock::now();
  auto opened = reprise::node::open(std::move(how), std::move(app));
  if (!opened) {
    std::fprintf(stderr, "reprise-bench: %s\n", opened.error().text.c_str());
    std::exit(1);
  }
  node_ = std::move(*opened);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void bench_node::close() {
  node_->close();
  node_.reset();
}

unsigned bench_node::folds() {
  const auto before = std::exchange(seen_, folds_of(folder_));
  return static_cast<unsigned>(seen_ - before);
}

}  // namespace reprise::bench
