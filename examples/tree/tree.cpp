#include "examples/tree/tree.hpp"

#include <string>
#include <utility>
#include <vector>

namespace examples::tree {
namespace {

bool too_many(std::uint32_t depth, std::uint32_t width) {
  std::uint64_t leaves = 1;
  for (std::uint32_t level = 0; level < depth && leaves <= max_leaves && width > 1; ++level)
    leaves *= width;
  return leaves > max_leaves || depth > 1'000;
}

reprise::task<Count> run_tree(reprise::value<Branch> branch) {
  const auto depth = branch->getDepth();
  const auto width = branch->getWidth();
  if (too_many(depth, width))
    co_return reprise::reject("a tree has at most " + std::to_string(max_leaves) + " leaves");
  std::uint64_t leaves = depth == 0 ? 1 : 0;
  if (depth > 0) {
    std::vector<reprise::start_call<Count>> below;
    for (std::uint32_t i = 0; i < width; ++i)
      below.push_back(tree([&](auto in) {
        in.setDepth(depth - 1);
        in.setWidth(width);
      }));
    auto counts = co_await reprise::all(std::move(below));
    for (const auto& each : counts) leaves += each->getLeaves();
  }
  co_return reprise::make<Count>([&](auto out) { out.setLeaves(leaves); });
}

}  // namespace

void bind(reprise::application& app) { app.bind(tree, run_tree); }

}  // namespace examples::tree
