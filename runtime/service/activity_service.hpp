// Runs attempts of activities on named pools and brings their results to the instances.
//
// The record of the request is the instance's; here is only what runs now. An attempt that is still
// running when the log starts anew is adopted, if its request was written: it is not started twice. One
// that was begun ahead of a request that is lost is nobody's: its place may be another's by now. Results
// come from outside: if one is lost with the process, its activity runs again.
//
// Threads: any; user code runs on the pools. Results of attempts that outlive the service go
// nowhere.

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
class suspects;
struct turn_services;

class activity_service final : public activity_runner {
 public:
  // A suspect is started when its turn has come. `slate`: none, no death is counted.
  activity_service(turn_services&, suspects& on_trial, std::shared_ptr<crash_slate> slate);
  ~activity_service();

  void start(const std::string& instance, const internal::generation&, std::uint64_t step,
             const records::request& what) override;
  void start_ahead(const std::string& instance, const internal::generation&, std::uint64_t step,
                   const records::request& what) override;
  // When the log starts anew, before any turn runs: those begun ahead are nobody's.
  void disown();
  // ... and then of each request that was written: the attempt that runs is its own, or is started.
  void adopt(const std::string& instance, const internal::generation&, std::uint64_t step,
             const records::request& what);
  void announce(const std::string& instance, const internal::generation&, std::uint64_t step,
                std::uint32_t attempt) override;
  void forget(const std::string& instance, const internal::generation&, std::uint64_t step,
              std::uint32_t attempt) override;
  void back_off(const std::string& instance, const internal::generation&, std::uint64_t step,
                const records::request& what) override;
  void cancel(const std::string& instance, const internal::generation&,
              std::uint64_t step) override;

  std::vector<activity_status> of(const std::string& instance) const override;
  // Counts the threads that a cancelled attempt has not given back in its grace, and makes up for them.
  void replace_lost();
  std::vector<pool_status> pools() const override;

 private:
  // Of an attempt. Those of a step, and those of an instance, follow one another, perhaps among others
  // whose instance has the same hash; the text is compared last, and so with hardly any other.
  struct place {
    std::size_t hash;
    internal::generation generation;
    std::uint64_t step;
    std::uint32_t attempt;
    std::string instance;
    place(std::string id, const internal::generation& g, std::uint64_t s, std::uint32_t a)
        : hash(std::hash<std::string>()(id)),
          generation(g),
          step(s),
          attempt(a),
          instance(std::move(id)) {}
    friend auto operator<=>(const place&, const place&) = default;
  };
  // How often the log has begun anew: what was asked for ahead before is lost, if it was not written.
  using lost_terms = std::uint64_t;
  struct attempt_state {
    const internal::activity_binding* bound = nullptr;
    std::stop_source cancel;                          // tells it that nobody waits
    std::optional<time_point> due, began, cancelled;  // due: announced until then
    trace_context trace;                              // of its request
    std::uint32_t round = 0;                          // the same
    std::string progress;
    bool lost = false;
    bool announced = false;
    bool ahead = false;                     // of its request
    bool disowned = false;                  // ... which may be lost
    std::optional<records::request> again;  // asked for anew, by a rewind, while this one stops
    std::optional<lost_terms> again_ahead;  // ... before that is durable
  };
  using attempts = std::map<place, attempt_state>;
  using place_of_attempt = attempts::iterator;
  // `of`: where it waited for another to stop since then; nothing is begun when the log began anew.
  void start_ahead(const place&, const records::request&, std::optional<lost_terms> of);
  void start(const place&, const records::request&, std::optional<lost_terms> ahead);
  static std::string id_of(const place&);
  std::uint64_t span_of(const place&) const;  // of the attempt
  trace_fields fields_of(const place&, const trace_context&) const;

  // Shared with the jobs, so that one that ends after the service finds nobody.
  struct shared {
    std::mutex mutex;
    activity_service* owner;
    attempts running;
    std::size_t cancelled = 0;  // of these
    lost_terms begun_anew = 0;
    std::map<std::string, std::size_t, std::less<>> lost;  // threads, by pool
  };
  // It stops, and what it says is nobody's answer.
  static void stop(shared&, attempt_state&, time_point now);
  static void run(shared&, crash_slate*, place_of_attempt, const payload& input);
  void report(const place&, const attempt_state&, const result<payload>&) const;
  static void finish(shared&, place_of_attempt, result<payload>);

  turn_services& services_;
  suspects& on_trial_;
  const std::shared_ptr<crash_slate> slate_;
  const std::shared_ptr<shared> shared_;
};

}  // namespace reprise::runtime
