// Somebody waits or listens for as long as the token lives.
//
//   auto listening = node->instances().watch([](const std::string& id) { ... });
//
// Threads: any, one at a time. Do not destroy it within a call that it is about; a token of `watch` also
// not after the node.

#pragma once

#include <functional>
#include <utility>

namespace reprise {

class [[nodiscard(
    "a token that is dropped ends the waiting: keep() goes on without it")]] watch_token {
 public:
  watch_token() = default;  // of nothing
  explicit watch_token(std::function<void()> stop) : stop_(std::move(stop)) {}
  watch_token(watch_token && other) noexcept : stop_(std::exchange(other.stop_, nullptr)) {}
  watch_token& operator=(watch_token&& other) noexcept {
    if (this != &other) {
      stop();
      stop_ = std::exchange(other.stop_, nullptr);
    }
    return *this;
  }
  ~watch_token() { stop(); }

  // Who was not called yet is not called any more. A second stop does nothing.
  void stop() {
    if (const auto end = std::exchange(stop_, nullptr)) end();
  }
  // Gives up the token: the waiting goes on until what it waits for happens, or the node ends.
  void keep()&& { stop_ = nullptr; }

 private:
  std::function<void()> stop_;
};

}  // namespace reprise
