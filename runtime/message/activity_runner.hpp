// Runs attempts of activities outside of turns, and brings their results to the instances that asked.
//
// Each is known by its place: instance, generation, step, attempt. The record of the request is the
// instance's: whoever runs the attempt keeps none.
//
// Threads: any.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/activity_status.hpp"
#include "runtime/message/message.hpp"
#include "runtime/message/records.hpp"

namespace reprise::runtime {

class activity_runner {
 public:
  // One attempt at the activity step `what.what` of an instance. Does nothing when it runs already;
  // an earlier attempt that nobody waits for any more may still run beside it. Without code for it the
  // request stays as it is: a process that binds it takes it up.
  virtual void start(const std::string& instance, const generation&, std::uint64_t step,
                     const records::request& what) = 0;
  // The same before the request is durable.
  virtual void start_ahead(const std::string& instance, const generation&, std::uint64_t step,
                           const records::request& what) = 0;
  // One will be started when its request is durable; it can be cancelled until then. Or it will not.
  virtual void announce(const std::string& instance, const generation&, std::uint64_t step,
                        std::uint32_t attempt) = 0;
  virtual void forget(const std::string& instance, const generation&, std::uint64_t step,
                      std::uint32_t attempt) = 0;
  // One begins at that time, unless it is cancelled or forgotten before.
  virtual void back_off(const std::string& instance, const generation&, std::uint64_t step,
                        const records::request& what) = 0;
  // Tells the running attempts that nobody waits for them any more.
  virtual void cancel(const std::string& instance, const generation&, std::uint64_t step) = 0;

  // Those of one instance that wait, for a thread or their time, or run, in the order of their steps.
  virtual std::vector<activity_status> of(const std::string& instance) const = 0;
  virtual std::vector<pool_status> pools() const = 0;

 protected:
  ~activity_runner() = default;
};

}  // namespace reprise::runtime
