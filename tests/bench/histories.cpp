#include "tests/bench/histories.hpp"

#include <utility>

#include "tests/bench/application.hpp"

namespace reprise::bench {

void raise_more(node& on, const std::string& id, closed_loop::done done) {
  on.instances().raise(more.to(id, std::int64_t{1}), {},
                       [done = std::move(done)](result<> r) { done(bool(r)); });
}

std::size_t start_remembering(node& on, const std::string& name, std::size_t instances) {
  return run_each(instances, 256, [&](std::size_t index, closed_loop::done done) {
    on.start(remember.as(name + "-" + std::to_string(index), std::int64_t{0}).what(), {},
             [done = std::move(done)](result<std::string> r) { done(bool(r)); });
  });
}

std::size_t raise_each(node& on, const std::string& name, std::size_t instances,
                       std::size_t events) {
  return run_each(events, 256, [&](std::size_t index, closed_loop::done done) {
    raise_more(on, name + "-" + std::to_string(index % instances), std::move(done));
  });
}

}  // namespace reprise::bench
