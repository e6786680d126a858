// The latest changes of all instances, numbered, for the streams that tell of them. Listens to the
// node from the first stream on, and keeps what is recent: a stream that fell behind, or a client that
// comes back, finds there what it missed, or that it missed more than is kept. A stream of one instance
// is called when that one changes.
//
// Threads: any. Failure: none.

#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace reprise {
class node;
}

namespace reprise::gateway {

class change_hub {
 public:
  static constexpr std::size_t kept = 8192;  // changes

  explicit change_hub(node& on) : node_(on) {}
  ~change_hub();
  change_hub(const change_hub&) = delete;
  change_hub& operator=(const change_hub&) = delete;

  // Of this hub, in no other: 16 hexadecimal digits.
  const std::string& name() const noexcept { return name_; }
  // The number that the next change gets. The first call begins to listen.
  std::uint64_t next();

  struct change {
    std::string id;
    std::uint64_t number;  // of its latest change among those looked at
  };
  struct look {
    std::vector<change> changes;  // each instance once, by number
    std::uint64_t next = 0;       // where to look from next time
    bool missed = false;          // what was looked for is not all kept any more
  };
  // From number `from` on, those whose id begins with `prefix`: at most `most` of them.
  look since(std::uint64_t from, std::string_view prefix, std::size_t most) const;

  // Calls once when there is a change of that number, at once when there is; not after `forget`, to
  // which it gives the number.
  std::uint64_t when_more(std::uint64_t from, std::function<void()>);
  void forget(std::uint64_t waiting);
  // Calls once when something next becomes of this instance; not after `forget_change`, to which it gives
  // the number. Of others nothing is heard, and waiting costs their changes nothing.
  std::uint64_t when_changed(const std::string& id, std::function<void()>);
  void forget_change(const std::string& id, std::uint64_t waiting);
  // Calls nobody from now on, and drops who waits: the server stops.
  void close();

 private:
  using wake_up = std::function<void()>;
  void listen();
  void changed(const std::string& id);

  node& node_;
  const std::string name_ = fresh_name();
  static std::string fresh_name();

  std::mutex begin_;  // before mutex_
  std::function<void()> stop_;
  mutable std::mutex mutex_;
  std::deque<std::string> recent_;
  std::uint64_t first_ = 1;  // number of recent_.front()
  bool closed_ = false;
  std::uint64_t last_waiting_ = 0;
  std::map<std::uint64_t, wake_up> waiting_;
  std::unordered_map<std::string, std::map<std::uint64_t, wake_up>> waiting_for_;  // by instance
};

}  // namespace reprise::gateway
