// Hosts one orchestration instance: feeds its inputs to the code one at a time and makes each, with
// the steps that the code took, one transition.
//
// The start is a transition of its own, because the generation is named by its position; the code
// runs in the next. An instance whose code is missing or does not fit its history is stalled: its
// messages are consumed into the history, no code runs, and a later activation with code that fits
// feeds them.
//
// Sources: instance_activation.cpp (header, history, requests are read and replayed),
// instance_host.cpp (messages), instance_steps.cpp (what the code asked for).

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/application.hpp"
#include "actors/internal/orchestration_run.hpp"
#include "runtime/internal/dedup.hpp"
#include "runtime/internal/host.hpp"
#include "runtime/internal/records.hpp"

namespace reprise::runtime {

class instance_host final : public host {
 public:
  instance_host(engine&, address, std::uint64_t epoch);

 private:
  // A step that waits for an answer, and what was tried so far.
  struct open_step {
    internal::event what;
    std::uint32_t attempt = 1;
    time_point began{};
    std::optional<failure> last;
    bool stored = false;       // it has a record in the requests table
    bool backing_off = false;  // ... and waits for the next attempt
    bool read_only = false;
  };

  // Activation.
  void activate() override;
  void read_again();
  void header_loaded(persistence::load_answer);
  void requests_loaded(persistence::load_answer);
  void load_history(std::string first);
  void history_loaded(persistence::load_answer);
  void replay(const internal::event&);
  void follow(const internal::event&);  // keeps open_ in step with one event
  void history_ended();
  void resend_reads();
  void damaged(const std::string& what);

  // Messages.
  void handle(message_ptr) override;
  void process(message_ptr, const dedup_finding&);
  void start(message&, start_body&);
  void answered(message&, answer_body&);
  void fired(message&, const fired_body&);
  void raised(message&, raised_body&);
  void terminate(message&, const terminate_body&);
  void drop(message&, result<payload> told);  // consumed; nothing else happens
  bool retried(message&, std::uint64_t step, open_step&, const failure&);
  void input(message*, internal::event);  // fed, or kept for later when stalled
  bool alive() const noexcept;

  // Steps.
  void commit_turn(message*, std::vector<internal::event>);
  void perform(transition&, const internal::event&);
  void end(transition&, const internal::event& completed);
  enum class end_of_step : std::uint8_t { answered, withdrawn };
  void close_step(transition&, std::uint64_t step, end_of_step);
  void send_call(transition&, const internal::event&, bool read_only);
  void store_request(transition&, std::uint64_t step, const open_step&, time_point due);
  void stall(std::string finding);
  void run_first();  // steps taken by replay or start, not recorded yet
  void feed_deferred();
  bool needs_a_visit() const noexcept;
  void weigh();

  std::optional<records::instance> header_;
  std::unique_ptr<internal::orchestration_run> run_;  // none: not there, terminal, or stalled
  std::unordered_map<std::uint64_t, open_step> open_;
  std::vector<internal::event> deferred_;  // inputs not yet fed, in order
  std::uint64_t next_number_ = 0;          // of the next event of this generation
  std::size_t history_bytes_ = 0;
  bool listed_ = false;    // its resends record is there
  bool finished_ = false;  // the turn under way ended the generation
};

}  // namespace reprise::runtime
