// The ledger of what the code of one orchestration asked for and what came of it: the interface of
// the machine to awaitables. Each question is a cell, named by a ticket. A step is recorded for it,
// an input settles it, and the code takes its outcome once.
//
// Very many instances wait in memory. State that few of them need is therefore behind one pointer,
// and a cell keeps the names of its step only while it is open.
//
// Threads: one at a time. After `shut` nothing is recorded: the frames are being destroyed.

#pragma once

#include <coroutine>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "actors/failure.hpp"
#include "actors/history.hpp"
#include "actors/orchestration/open_section.hpp"
#include "actors/payload.hpp"
#include "actors/payload_type.hpp"
#include "actors/request.hpp"

namespace reprise::internal {

using ticket = std::uint32_t;
inline constexpr ticket no_ticket = ~ticket{0};

void* new_frame(std::size_t);
void free_frame(void*, std::size_t) noexcept;

// The body that runs, as `continue_as_new` checks it. The name is borrowed for the life of the run.
struct running_body {
  std::string_view name;  // with its version suffix
  const payload_type* in = nullptr;
};

class steps {
 public:
  steps(std::string id, generation, running_body);
  steps(const steps&) = delete;
  steps& operator=(const steps&) = delete;

  // For awaitables.

  // Records the step of a call, a timer or a wait. A wait takes the oldest buffered event of its
  // name at once.
  ticket open(request);
  // Opens the arms of a race. `start_race` then takes at most one buffered event: the one that was
  // raised first of all that the arms could take.
  void open_arm(request, std::vector<ticket>& arms);
  void start_race(std::span<const ticket> arms);

  bool settled(ticket) const noexcept;
  result<payload> take(ticket);  // its outcome, once; must be settled
  void withdraw(ticket);         // the answer is no longer wanted; recorded if the cell is open
  std::size_t first_settled(std::span<const ticket>) const noexcept;  // size() if none is

  // Suspends the code until all, or any one, of these are settled. An empty list suspends it forever.
  void wait_all(std::coroutine_handle<>, std::span<const ticket>);
  void wait_any(std::coroutine_handle<>, std::span<const ticket>);
  // Resumes `next` when the current frame suspends, without growing the stack.
  void transfer(std::coroutine_handle<> next) noexcept { next_ = next; }

  time_point now() const noexcept { return now_; }  // time of the input being handled
  std::uint64_t random() noexcept;
  std::string unique_id();
  // Sends to an actor's operation, an event of an instance or an orchestration to start. Not before `due`.
  void tell(request, time_point due);
  void set_status(std::string json_text);
  // Returns whether the code takes the new path of an edit in place. Decided once for each name and
  // generation: true when live, otherwise what the history says.
  bool changed(std::string_view name);
  // Ends the generation; the next one begins with this input. The code does not go on.
  void continue_as_new(const payload_type&, payload input);
  void continue_as_new(request);
  void log(std::string line);  // does nothing in replay

  // Critical sections (section_steps.cpp). These throw `failed` for what cannot be locked, or not
  // now. `begin_section` sorts the actors by address; they are then locked one by one in that order.
  void begin_section(std::vector<actor_ref>& actors);
  ticket lock(const actor_ref&);
  void unlock();  // ends the section, even one not held entirely; recorded when live
  bool calls_open() const noexcept;  // of operations and orchestrations

  // False once the code took more steps than one input allows, or continued as new: it then stays
  // where it is.
  bool running() const noexcept { return !shut_ && !overrun_ && !continued_; }
  // Expires with the run. What the code may keep longer must check it.
  std::weak_ptr<steps*> life();

  // For orchestration_run.

  void start(std::coroutine_handle<> root) { transfer(root), run(); }
  // Counts the input and takes its time. For a `fed` input, `now` is the time of the earlier input
  // that it gives to the code.
  void begin_input(const history_event& input, time_point now);
  void answer(const history_event&);        // settles a step; ignored if it is not open
  void defer_answer(std::uint64_t number);  // it came while no code ran: the step takes no other
  void want_again(std::uint64_t number);    // that answer was taken back: the step takes another
  void raise(std::string name, payload);
  void complete(result<payload>);
  void shut() noexcept;
  // The steps that the history has for the input that comes; null for a live input. `last`: no
  // input follows in the history, so steps beyond the recorded ones are live.
  struct recording {
    std::span<const history_event> steps;
    bool last = false;
  };
  // Borrowed until the next call.
  void expect(const recording* recorded) noexcept { recorded_ = recorded; }
  void skip_number() noexcept { ++next_number_; }
  // Events that were raised and that the code has not seen, in order: they go to the next generation.
  std::vector<history_event> unseen() const;

  bool continued() const noexcept { return continued_; }
  std::uint64_t next_number() const noexcept { return next_number_; }
  bool overrun() const noexcept { return overrun_; }
  bool open_step(std::uint64_t number) const noexcept;
  std::size_t buffered() const noexcept { return buffered_; }
  std::size_t buffered_bytes() const noexcept { return buffered_bytes_; }
  std::vector<std::string> waiting_for() const;
  std::vector<history_event>& taken() noexcept {
    return taken_;
  }                                       // recorded since it was last emptied
  std::vector<std::string> take_lines();  // logged since the last call
  // Counts bytes that were given to the code: it may have copied them, and no other counter sees them.
  void keeps(std::size_t bytes) noexcept {
    if (bytes > sizeof(std::string)) kept_bytes_ += static_cast<std::uint32_t>(bytes);
  }
  std::size_t footprint() const noexcept;  // bytes, without itself and what counted_bytes() counts

 private:
  struct channel;
  using channels = std::map<std::string, channel>;  // by name
  enum class cell_state : std::uint8_t { open, settled, withdrawn, taken };
  // The names of a step, of calls and locks only: the name of a wait is that of its channel.
  struct step_names {
    std::string name, operation, key;
  };
  struct question {
    event_kind kind{};
    cell_state state = cell_state::open;
    bool answered = false;     // deferred: the answer came, but the code has not seen it
    std::uint32_t wait = 0;    // the wait that includes it; 0: none
    std::uint64_t number = 0;  // of its step; if it has no step, that of the next one recorded
    std::uint64_t order = 0;   // when settled: increases over the whole history
    payload value;
    std::unique_ptr<failure> error;
    channels::value_type* events = nullptr;   // waits
    std::unique_ptr<const step_names> names;  // open calls and locks
    time_point due{};
  };
  struct raised {
    std::uint64_t order;
    payload value;
  };
  struct channel {            // the events of one name
    std::list<ticket> waits;  // the open ones, oldest first
    std::list<raised> buffer;
  };
  struct seldom_used {
    std::unordered_map<std::string, bool> changes;  // what was decided, by name
    std::vector<std::string> lines;
    open_section section;
    std::uint64_t drawn = 0;
    std::shared_ptr<steps*> life;
  };

  ticket open_cell(request);
  ticket find(std::uint64_t number) const noexcept;  // of an open call, timer or lock
  bool asks(std::uint64_t number) const noexcept { return find(number) != no_ticket; }
  seldom_used& seldom();
  history_event& record(event_kind);
  void wait(std::coroutine_handle<>, std::span<const ticket>, std::size_t enough);
  void settle(ticket, payload, std::unique_ptr<failure>, std::uint64_t order);
  bool take_buffered(ticket);
  void put_back(question&);
  void run();

  std::string id_;
  generation generation_;
  running_body body_;

  std::vector<question> cells_;  // step numbers never decrease
  channels events_;
  std::uint32_t buffered_ = 0;
  std::uint32_t buffered_bytes_ = 0;  // less than max_bytes_per_turn

  std::coroutine_handle<> waiting_;  // the innermost frame
  std::uint32_t wait_ = 0;           // the number of that wait
  std::uint32_t remaining_ = 0;      // settlements until it is resumed
  std::coroutine_handle<> next_;

  const recording* recorded_ = nullptr;
  std::unique_ptr<seldom_used> seldom_;

  std::vector<history_event> taken_;
  std::uint64_t next_number_ = 0;
  std::uint64_t settled_count_ = 0;
  std::uint32_t kept_bytes_ = 0;
  std::uint32_t steps_of_input_ = 0;
  bool shut_ = false;
  bool overrun_ = false;
  bool continued_ = false;
  time_point now_{};
  time_point at_{};  // of steps: the recorded time of their input
};

}  // namespace reprise::internal
