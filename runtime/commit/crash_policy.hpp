// Decides what runs no code because it crashed the process, and which transitions end a count of
// crashes.
//
// Almost always nothing is blamed, so frequent callers check `any` first.
//
// Threads: any.

#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "runtime/message/message.hpp"

namespace reprise::runtime {

class transition;

class crash_policy {
 public:
  bool any() const noexcept { return any_.load(std::memory_order_acquire); }

  // Returns why this address runs nothing; nullopt if it was not set aside.
  virtual std::optional<failure> refusal(const address&) const = 0;
  virtual bool blames(const address&) const = 0;
  // True if this actor takes a message only once it is durable, so that its crashes can be counted.
  virtual bool waits_for_disk(const address&) const = 0;

  // End the counts that this transition settles: its message is consumed; the step is closed; the
  // instance has ended.
  virtual void consumed(transition&, const address& self, const message&) = 0;
  virtual void closed(transition&, const std::string& instance, const generation&,
                      const history_event&) = 0;
  virtual void ended(transition&, const address& instance) = 0;

 protected:
  ~crash_policy() = default;

  std::atomic<bool> any_{false};  // something is blamed
};

}  // namespace reprise::runtime
