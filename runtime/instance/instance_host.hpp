// Hosts one orchestration instance: feeds inputs to the code one at a time, and commits each input with
// the steps that the code took in one transition.
//
// Inputs that cause no outgoing requests are held: they share one transition with later inputs of the
// same run, up to and including the first that causes one.
//
// The start is a transition of its own, because the generation is named by its position; the code runs
// in the next one. An instance without code, or whose code does not fit its history, is stalled: its
// messages are recorded as history and no code runs, until an activation with fitting code feeds them.
//
// Sources: instance_activation.cpp (reads header, requests and history, and replays), instance_host.cpp
// (messages), instance_control.cpp (suspend, resume, restart, purge and so on), instance_rewind.cpp,
// instance_generation.cpp (start, continue-as-new, deferred inputs), instance_steps.cpp (what the code
// requests), instance_section.cpp (end of a critical section), instance_spans.cpp (traces).

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/application.hpp"
#include "actors/orchestration/orchestration_run.hpp"
#include "actors/orchestration/rewind_plan.hpp"
#include "runtime/commit/dedup.hpp"
#include "runtime/host/host.hpp"
#include "runtime/instance/held_locks.hpp"
#include "runtime/instance/requested_step.hpp"
#include "runtime/instance_types.hpp"
#include "runtime/message/records.hpp"
#include "runtime/message/sparse.hpp"

namespace reprise::runtime {

class instance_host final : public host {
 public:
  instance_host(turn_services&, address, std::uint64_t epoch);

 private:
  // Limit for events that share a transition with others.
  static constexpr std::size_t joined_bytes = std::size_t{64} << 10;
  static std::size_t bytes_of(const std::vector<history_event>&) noexcept;
  // Replaces a turn's events by a failure that names the limit, if they exceed one. `before`,
  // `bytes_before`: the history so far.
  static void cut_to_limits(std::vector<history_event>&, std::uint64_t before,
                            std::size_t bytes_before, time_point now);

  // A step that waits for an answer, and its attempts.
  struct open_step {
    requested_step what;
    std::uint32_t attempt = 1;
    std::uint32_t round = 0;   // the rewind that requested it again; 0: none
    bool stored = false;       // it has a record in the requests table
    bool backing_off = false;  // waits for the next attempt, due at `retry_at`
    bool read_only = false;  // or transient: has no record, and is sent again until it is answered
    time_point began{};
    time_point queued{};  // this attempt
    sparse<failure> last;
    std::vector<tried> attempts;  // failed ones
    time_point retry_at{};
    time_point deadline{};  // of this attempt, with a timer of the step; the epoch: none
  };
  struct left_child {  // an attempt that may still be running
    std::uint64_t step = 0;
    std::string id;
  };
  // Appends all attempts that may exist of a child's step.
  void add_attempts(const history_event& child, std::vector<left_child>&) const;

  // Activation (instance_activation.cpp).
  void activate() override;
  void read_again();  // from the store, with the bound code
  void header_loaded(persistence::load_answer);
  void load_requests(std::string first);
  void requests_loaded(persistence::load_answer);
  void load_history(std::string first);
  void history_loaded(persistence::load_answer);
  void replay(const history_event&);
  void follow(const history_event&);  // updates open_ by one event
  void history_ended();
  void resend_reads();
  void damaged(const std::string& what);
  // After a read that failed for now: everything is read again later.
  void unread(const std::string& what, const persistence::fault&);
  void forget_read();

  // Messages (instance_host.cpp).
  void handle(message_ptr) override;
  void process(message_ptr, const dedup_finding&);
  std::optional<failure> unmet(const message&) const;  // checks the precondition
  void start(message&, start_body&, std::string_view scope = "start");
  const char* passed_by(const raised_body&) const;  // the limit it exceeds; null: accepted
  void answered(message_ptr&, answer_body&);
  void fired(message_ptr&, const fired_body&);
  void raised(message_ptr&, raised_body&);
  void forget(const message& timer, const fired_body&);
  void drop(message&, result<payload> told);  // consumes it without further effect
  bool retried(message&, std::uint64_t step, open_step&, const failure&, time_point began);
  // The event for the step's final outcome, given by its current attempt.
  history_event answer_of(std::uint64_t step, const open_step&, result<payload> outcome,
                          time_point began);
  void next_attempt(std::uint64_t step, open_step&);
  void timed_out(message_ptr&, std::uint64_t step, open_step&);
  void input(message_ptr&, history_event);  // feeds it, or defers it while no code may run
  bool may_be_held(const message&, const std::vector<history_event>&) const;
  void hold(message_ptr, std::vector<history_event>);
  void settle() override;
  void settle_answer(std::uint64_t step);  // settles if the step's answer is held
  std::string end_entry() const;
  bool alive() const noexcept;
  bool begun() const noexcept;
  bool has_ended() const override { return !alive(); }
  bool is(instance_state) const noexcept;

  // Control (instance_control.cpp).
  void terminate(message_ptr, const terminate_body&);
  void end_as_terminated(message_ptr, const std::string& reason);
  void end_children(const std::string& reason);
  void suspend(message_ptr, const suspend_body&);
  void resume(message_ptr, const resume_body&);
  void rewind(message_ptr);  // instance_rewind.cpp
  void rewind_for_parent(message_ptr);
  void rewind_failed(message_ptr);
  result<> changes_something(const internal::rewind_plan&,
                             const std::vector<history_event>& history) const;
  void ask_children(message_ptr, const internal::rewind_plan&,
                    const std::vector<history_event>& history);
  void rewound(message&, const internal::rewind_plan&, const std::vector<history_event>&);
  void restart(message_ptr);
  void purge(message_ptr);
  void retire(message&, const retire_body&);
  void purged(message&, const std::vector<history_event>& history);
  // Reads the whole history of this generation and calls `use`; a failure is answered to `m`.
  using history_use = std::function<void(message_ptr, std::vector<history_event>)>;
  void with_whole_history(message_ptr, history_use);
  void read_page(message_ptr, std::shared_ptr<std::vector<history_event>>, std::string first,
                 history_use);

  // Generations (instance_generation.cpp).
  std::vector<history_event> begin_generation(transition&, const payload& input,
                                              std::vector<history_event> carried);
  void run_generation(const std::vector<history_event>& beginning);
  std::vector<history_event> go_on(transition&, const history_event& continued);
  void become_due(message&);
  void feed_deferred();
  bool feed_some();  // a slice, mostly one transition; true: more are left
  std::vector<history_event> feed_one(const history_event& input);
  // False: the generation ended.
  bool commit_fed(std::size_t inputs, std::vector<history_event>);

  // Steps (instance_steps.cpp).
  reply_to waiting(std::uint64_t step, std::uint32_t attempt = 1) const;
  // `joined`: further messages to consume with it.
  void commit_turn(message_ptr, std::vector<history_event>, std::vector<message_ptr> joined = {});
  void take_back(transition&, message_ptr, std::vector<message_ptr> held);
  void end_over_limit();
  void record(transition&, const std::vector<history_event>&);
  void say_lines(transition&);
  void perform(transition&, const history_event&);
  void end(transition&, const history_event& completed);
  void close_all(transition&);
  enum class end_of_step : std::uint8_t { answered, withdrawn };
  void close_step(transition&, std::uint64_t step, end_of_step);
  void forget_timer(transition&, std::uint64_t step, time_point due);
  void forget_left_timers();
  void ask(transition&, const history_event&);
  void tell(transition&, const history_event&);
  bool has_no_record(const history_event&) const;
  void send_call(transition&, const history_event&, bool read_only, std::uint32_t attempt);
  void send_child(transition&, const history_event&, std::uint32_t attempt);
  void set_deadline(transition&, std::uint64_t step, open_step&);
  enum class begins : bool { when_durable, at_once };
  begins start_activity(transition&, std::uint64_t step, const open_step&);
  void announce_back_off(transition&, std::uint64_t step, const open_step&);
  void release_section(transition&);  // instance_section.cpp
  void store_request(transition&, std::uint64_t step, const open_step&, time_point due);
  void stall(std::string finding);

  // Traces (instance_spans.cpp). Nothing is reported for an instance that was started without a trace.
  trace_context run_trace() const;  // the trace, with the span of this generation's run
  void begin_trace(transition&, const message&);
  void report_end(transition&, const history_event& last, bool terminated);
  void report_timer(transition&, std::uint64_t step, const requested_step&) const;
  void report_raised(transition&, const message&) const;

  void run_first();  // commits steps of start or replay that are not recorded yet
  bool needs_a_visit() const noexcept;
  void update_footprint();
  std::size_t bytes_of_open() const noexcept;

  using open_steps = std::map<std::uint64_t, open_step>;
  // Timers of closed steps that are erased after the transition that closed the steps.
  struct left_timer {
    reprise::generation generation;
    std::uint64_t step = 0;
    time_point due{};
  };
  // Fed inputs that are in no transition yet.
  struct held_inputs {
    std::vector<history_event> events;
    std::vector<message_ptr> messages;  // the messages they came with
    std::size_t bytes = 0;
  };
  struct seldom_used {
    // Set after a turn was taken back because it did not fit one transition: the messages that brought
    // it. The instance reads itself again and ends in its earlier state; only then are the messages
    // consumed.
    std::optional<std::vector<message_ptr>> over_limit;
    std::vector<left_timer> left_timers;
    std::vector<left_child> left_children;  // of withdrawn steps
    // During replay: steps with a deferred failure, by number of the answer.
    open_steps failed_later;
    trace_context trace;  // the trace it was started in
  };
  seldom_used& seldom();
  bool over_limit() const noexcept { return seldom_ && seldom_->over_limit; }
  trace_context trace() const { return seldom_ ? seldom_->trace : trace_context{}; }
  void set_trace(const trace_context&);

  std::optional<records::instance> header_;
  std::optional<internal::orchestration_run> run_;  // none: not started, ended, or stalled
  open_steps open_;
  std::unique_ptr<seldom_used> seldom_;
  std::unique_ptr<held_inputs> held_;    // null between two runs
  held_locks section_;                   // empty outside of a critical section
  std::vector<history_event> deferred_;  // inputs not yet fed, in order
  std::uint64_t next_number_ = 0;        // of this generation
  std::size_t history_bytes_ = 0;
  time_point began_{};          // of this generation
  bool listed_ = false;         // it has a resends record
  bool finished_ = false;       // the current turn ended the generation
  bool with_children_ = false;  // its children are to be terminated too
  bool closes_many_ = false;    // the turn closes more steps than one transition can
};

}  // namespace reprise::runtime
