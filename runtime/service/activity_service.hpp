// Runs attempts of activities on named pools and delivers their results to the instances.
//
// The request's record belongs to the instance; this holds only what runs now. When the log restarts, a
// running attempt is adopted if its request was written, so it is not started twice. An attempt that
// was started ahead of a lost request belongs to nobody, and its place may be given to another. Results
// are unlogged: if one is lost in a crash, its activity runs again.
//
// Threads: any; user code runs on the pools. Results of attempts that outlive the service are dropped.

#pragma once

#include <compare>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "actors/application.hpp"
#include "actors/attempt_context.hpp"
#include "runtime/activity_status.hpp"
#include "runtime/message/activity_runner.hpp"
#include "runtime/message/message.hpp"
#include "runtime/message/records.hpp"

namespace reprise::runtime {

class crash_slate;
class crash_suspects;
struct turn_services;

class activity_service final : public activity_runner {
 public:
  // A suspect is started only when its turn has come. `slate`: null if crashes are not counted.
  activity_service(turn_services&, crash_suspects& on_trial, std::shared_ptr<crash_slate> slate);
  ~activity_service();

  void start(const std::string& instance, const generation&, std::uint64_t step,
             const records::request& what) override;
  void start_ahead(const std::string& instance, const generation&, std::uint64_t step,
                   const records::request& what) override;
  // When the log restarts, before any turn runs: attempts started ahead of their requests belong to
  // nobody.
  void disown();
  // Then, for each request that was written: a running attempt becomes its own, otherwise one is
  // started.
  void adopt(const std::string& instance, const generation&, std::uint64_t step,
             const records::request& what);
  void announce(const std::string& instance, const generation&, std::uint64_t step,
                std::uint32_t attempt) override;
  void forget(const std::string& instance, const generation&, std::uint64_t step,
              std::uint32_t attempt) override;
  void back_off(const std::string& instance, const generation&, std::uint64_t step,
                const records::request& what) override;
  void cancel(const std::string& instance, const generation&, std::uint64_t step) override;

  std::vector<activity_status> of(const std::string& instance) const override;
  // Counts threads that cancelled attempts have kept beyond the grace period, and adds threads for
  // them.
  void replace_lost();
  std::vector<pool_status> pools() const override;

 private:
  // Identifies an attempt. Ordered so that the attempts of a step, and of an instance, are adjacent
  // (instances with equal hashes may mix). The id is compared last, so almost never.
  struct place {
    std::size_t hash;
    reprise::generation generation;
    std::uint64_t step;
    std::uint32_t attempt;
    std::string instance;
    place(std::string id, const reprise::generation& g, std::uint64_t s, std::uint32_t a)
        : hash(std::hash<std::string>()(id)),
          generation(g),
          step(s),
          attempt(a),
          instance(std::move(id)) {}
    friend auto operator<=>(const place&, const place&) = default;
  };
  // Number of restarts of the log: a request made ahead before a restart is lost unless it was written.
  using lost_terms = std::uint64_t;
  struct attempt_state {
    const bound_activity* bound = nullptr;
    std::stop_source cancel;                          // tells it that nobody waits
    std::optional<time_point> due, began, cancelled;  // due: it is announced until then
    trace_context trace;                              // of its request
    std::uint32_t round = 0;                          // of its request
    std::string progress;
    bool lost = false;
    bool announced = false;
    bool ahead = false;                     // started before its request is durable
    bool disowned = false;                  // its request may be lost
    std::optional<records::request> again;  // requested again by a rewind while this one stops
    std::optional<lost_terms> again_ahead;  // set if that request is not durable yet
  };
  using attempts = std::map<place, attempt_state>;
  using place_of_attempt = attempts::iterator;
  // `of`: the number of restarts when it began to wait for another attempt to stop; if the log has
  // restarted since, nothing is started.
  void start_ahead(const place&, const records::request&, std::optional<lost_terms> of);
  void start(const place&, const records::request&, std::optional<lost_terms> ahead);
  static std::string id_of(const place&);
  std::uint64_t span_of(const place&) const;  // of the attempt
  trace_fields fields_of(const place&, const trace_context&) const;

  // Shared with the jobs: one that ends after the service finds `owner` null.
  struct shared {
    std::mutex mutex;
    activity_service* owner;
    attempts running;
    std::size_t cancelled = 0;  // entries of `running` that are cancelled
    lost_terms begun_anew = 0;
    std::map<std::string, std::size_t, std::less<>> lost;  // number of threads, by pool
  };
  // Tells it to stop; its result will be dropped.
  static void stop(shared&, attempt_state&, time_point now);
  static void run(shared&, crash_slate*, place_of_attempt, const payload& input);
  void report(const place&, const attempt_state&, const result<payload>&) const;
  static void finish(shared&, place_of_attempt, result<payload>);

  turn_services& services_;
  crash_suspects& on_trial_;
  const std::shared_ptr<crash_slate> slate_;
  const std::shared_ptr<shared> shared_;
};

}  // namespace reprise::runtime
