#include "tests/support/client.hpp"

#include <algorithm>
#include <stdexcept>

#include "persistence/testing/faulty_store.hpp"

namespace reprise::testing {
namespace {

ask_options once_by(const std::string& key) {
  ask_options o;
  if (!key.empty()) o.once = idempotency{"client", key, 1};
  return o;
}

// Returns false if the request must be repeated.
template <class T>
bool settled(world& w, const std::optional<result<T>>& answer) {
  if (w.at().state() == node_state::failed) return false;
  if (!answer) throw std::runtime_error("all is idle and there is no answer");
  if (*answer) return true;
  const auto why = answer->error().why;
  if (why == cause::overloaded) w.run();  // a lane is being read back from the table: wait
  if (why == cause::unavailable && w.up())
    w.advance(std::chrono::seconds(1));  // let it try the disk again
  return why != cause::unavailable && why != cause::unknown_outcome && why != cause::overloaded;
}

}  // namespace

void client::revive() {
  ++deaths_;
  world_.crash();
  saw_.killed();
  world_.wrap({});
  world_.at_checkpoint({});
  world_.open();
  saw_.look(world_);
}

void client::insist(const std::function<bool()>& what) {
  for (;;) {
    try {
      if (!world_.up()) world_.open();
      if (what() && world_.at().state() != node_state::failed) return;
      if (world_.at().state() == node_state::failed) revive();
    } catch (const persistence::internal::injected_crash&) {
      revive();
    } catch (const process_died&) {
      revive();
    }
  }
}

result<payload> client::perform(const request& what, const std::string& key) {
  std::optional<result<payload>> answer;
  insist([&] { return settled(world_, answer = world_.perform(what, once_by(key))); });
  return *answer;
}

std::string client::start(const request& what) {
  std::optional<result<std::string>> answer;
  insist([&] { return settled(world_, answer = world_.start(what, once_by(what.key))); });
  if (*answer) return **answer;
  throw failed(answer->error());
}

result<> client::raise(const request& event, const std::string& key) {
  std::optional<result<>> answer;
  insist([&] { return settled(world_, answer = world_.raise(event, once_by(key))); });
  return *answer;
}

result<> client::terminate(const std::string& id, const std::string& reason) {
  std::optional<result<>> answer;
  insist([&] { return settled(world_, answer = world_.terminate(id, reason)); });
  return *answer;
}

result<> client::steer(const std::function<result<>(world&)>& ask) {
  std::optional<result<>> answer;
  insist([&] { return settled(world_, answer = ask(world_)); });
  return *answer;
}

void client::run() {
  insist([&] {
    world_.run();
    return true;
  });
}

void client::until_ended(const std::string& id) {
  insist([&] {
    if (world_.run_until(
            [&] { return world_.at().state() == node_state::failed || world_.ended(id); }))
      return true;
    throw std::runtime_error(id + " does not end");
  });
}

void client::advance(duration d) {
  const auto end = world_.now() + d;
  insist([&] {
    world_.advance(std::max(end - world_.now(), duration::zero()));  // also rings what is due now
    return true;
  });
}

}  // namespace reprise::testing
