// Interface that runs attempts of activities outside of turns and delivers their results to the
// instances.
//
// An attempt is identified by its place: instance, generation, step, attempt. The request's record
// belongs to the instance; the runner keeps none.
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
  // Runs one attempt at the activity step `what.what` of an instance. Does nothing if it already runs;
  // an earlier, abandoned attempt may still run beside it. Without code for the activity the request
  // stays as it is, for a process that binds it.
  virtual void start(const std::string& instance, const generation&, std::uint64_t step,
                     const records::request& what) = 0;
  // As `start`, before the request is durable.
  virtual void start_ahead(const std::string& instance, const generation&, std::uint64_t step,
                           const records::request& what) = 0;
  // `announce`: an attempt will be started when its request is durable; until then it can be cancelled.
  // `forget`: it will not be started.
  virtual void announce(const std::string& instance, const generation&, std::uint64_t step,
                        std::uint32_t attempt) = 0;
  virtual void forget(const std::string& instance, const generation&, std::uint64_t step,
                      std::uint32_t attempt) = 0;
  // Announces an attempt that is due later, unless it is cancelled or forgotten before.
  virtual void back_off(const std::string& instance, const generation&, std::uint64_t step,
                        const records::request& what) = 0;
  // Tells running attempts of the step that their result is no longer wanted.
  virtual void cancel(const std::string& instance, const generation&, std::uint64_t step) = 0;

  // Returns the attempts of one instance that run, or wait for a thread or their due time, ordered by
  // step.
  virtual std::vector<activity_status> of(const std::string& instance) const = 0;
  virtual std::vector<pool_status> pools() const = 0;

 protected:
  ~activity_runner() = default;
};

}  // namespace reprise::runtime
