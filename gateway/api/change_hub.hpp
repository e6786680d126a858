// The latest changes of all instances, numbered, for event streams. The hub subscribes to the node with
// the first stream and keeps the last `kept` changes. A stream that fell behind, or a client that
// reconnects, reads there what it missed, or learns that it missed more than is kept. A stream of one
// instance is called when that instance changes.
//
// Callbacks run on the thread of the node that reports the change, or within when_more().
//
// Threads: any. Failure: none.

#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/watch_token.hpp"

namespace reprise {
class node;
}

namespace reprise::gateway {

class change_hub {
 public:
  static constexpr std::size_t kept = 8192;  // changes in memory

  explicit change_hub(node& on) : node_(on) {}
  change_hub(const change_hub&) = delete;
  change_hub& operator=(const change_hub&) = delete;

  // A random name of this hub, 16 hexadecimal digits: change numbers are valid together with it only.
  const std::string& name() const noexcept { return name_; }
  // Returns the number that the next change will get. The first call subscribes to the node.
  std::uint64_t next();

  struct change {
    std::string id;
    std::uint64_t number;  // of its latest change in the range read
  };
  struct look {
    std::vector<change> changes;  // each instance once, ordered by number
    std::uint64_t next = 0;       // the `from` of the next call
    bool missed = false;          // changes at the beginning of the range are no longer kept
  };
  // Returns the changes from number `from` on of instances whose id begins with `prefix`, at most
  // `most` instances.
  look since(std::uint64_t from, std::string_view prefix, std::size_t most) const;

  // Calls the function once, when change number `from` exists; immediately if it already does. Returns
  // a token for forget(), 0 if nothing waits.
  std::uint64_t when_more(std::uint64_t from, std::function<void()>);
  // Cancels a waiting function. A call that has already begun may still run.
  void forget(std::uint64_t waiting);
  // Calls the function once, at the next change of this instance. Returns a token for forget_change(), 0
  // if the hub is closed. Changes of other instances cost nothing extra.
  std::uint64_t when_changed(const std::string& id, std::function<void()>);
  void forget_change(const std::string& id, std::uint64_t waiting);
  // Drops all waiting functions without calling them and accepts no more: the server stops.
  void close();

 private:
  using wake_up = std::function<void()>;
  void listen();
  void changed(const std::string& id);

  node& node_;
  const std::string name_ = fresh_name();
  static std::string fresh_name();

  std::mutex begin_;  // guards listening_; locked before mutex_
  mutable std::mutex mutex_;
  std::deque<std::string> recent_;
  std::uint64_t first_ = 1;  // number of recent_.front()
  bool closed_ = false;
  std::uint64_t last_waiting_ = 0;
  std::map<std::uint64_t, wake_up> waiting_;
  std::unordered_map<std::string, std::map<std::uint64_t, wake_up>> waiting_for_;  // by instance
  std::optional<watch_token> listening_;  // last: it ends before what changed() uses
};

}  // namespace reprise::gateway
