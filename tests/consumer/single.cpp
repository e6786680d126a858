// One file without a build system: c++ single.cpp $(pkg-config --cflags --libs reprise)

#include <iostream>

#include <reprise/node.hpp>

namespace {

inline constexpr reprise::actor<std::int64_t> tally{"tally"};
inline constexpr reprise::operation<std::int64_t, std::int64_t, std::int64_t> add{tally, "add"};

struct counter {
  reprise::state<std::int64_t> count;
  reprise::result<std::int64_t> add(std::int64_t n) { return count.edit() += n; }
};

}  // namespace

int main() {
  reprise::application app;
  app.bind(add, &counter::add);
  const auto node = reprise::node::open({}, std::move(app));
  if (!node) return 1;
  static_cast<void>((*node)->ask(add("a", std::int64_t{2})).get());
  const auto sum = (*node)->ask(add("a", std::int64_t{40})).get();
  if (!sum || **sum != 42) return 1;
  std::cout << **sum << '\n';
}
