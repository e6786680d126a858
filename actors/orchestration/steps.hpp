// What the code of one orchestration asked for and what became of it: the half of the machine that
// awaitables talk to. Every question is a cell, named by a ticket; a step is recorded for it, an
// input settles it, the code takes its outcome once.
//
// Very many instances wait in memory, so what few of them need is behind one pointer, and a question
// keeps the names of its step only while it is open.
//
// Threads: one at a time. Once `shut` nothing is recorded any more: the frames are being destroyed.

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
#include "actors/orchestration/history.hpp"
#include "actors/orchestration/open_section.hpp"
#include "actors/payload.hpp"
#include "actors/payload_type.hpp"
#include "actors/request.hpp"

namespace reprise::internal {

using ticket = std::uint32_t;
inline constexpr ticket no_ticket = ~ticket{0};

void* new_frame(std::size_t);
void free_frame(void*, std::size_t) noexcept;

// The body that runs: what an instance may go on as. Its name is borrowed for as long as it runs.
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

  // Records the step of a call, a timer or a wait. A wait takes a buffered event at once, the
  // oldest.
  ticket open(request);
  // The arms of a race: of all the buffered events they could take, only the first raised is taken.
  void open_arm(request, std::vector<ticket>& arms);
  void start_race(std::span<const ticket> arms);

  bool settled(ticket) const noexcept;
  result<payload> take(ticket);  // its outcome, once; it must be settled
  void withdraw(ticket);         // its answer is no longer wanted; recorded if it is open
  std::size_t first_settled(std::span<const ticket>) const noexcept;  // index; size() if none is

  // Leaves the code suspended until all, or any one, of these are settled; none of them: for ever.
  void wait_all(std::coroutine_handle<>, std::span<const ticket>);
  void wait_any(std::coroutine_handle<>, std::span<const ticket>);
  void transfer(std::coroutine_handle<> next) noexcept {
    next_ = next;
  }  // runs next, on no deeper stack

  time_point now() const noexcept { return now_; }  // of the input that is being handled
  std::uint64_t random() noexcept;
  std::string unique_id();
  // To an actor's operation, an event of an instance, or an orchestration to start. `due`: not before.
  void tell(request, time_point due);
  void set_status(std::string json_text);
  // Did the code take the new path here? Decided once a generation for each name: yes when it is live,
  // and what the history says when it is not.
  bool changed(std::string_view name);
  // The generation ends here and the next begins with this input; the code goes no further.
  void continue_as_new(const payload_type&, payload input);
  void continue_as_new(request);
  void log(std::string line);  // nothing during replay

  // Critical sections (section_steps.cpp). What cannot be locked, or not now, is thrown as `failed`.
  // Sorts the actors by address: they are asked for one by one in that order.
  void begin_section(std::vector<actor_ref>& actors);
  ticket lock(const actor_ref&);
  void unlock();  // the section ends, also one that is not held entirely; recorded when live
  bool calls_open() const noexcept;  // of operations and orchestrations, not withdrawn

  // False when the code took more steps than one input allows: it is left where it is.
  bool running() const noexcept { return !shut_ && !overrun_ && !continued_; }
  // Expires with the run; what the code keeps beyond it must look first.
  std::weak_ptr<steps*> life();

  // For the run.

  void start(std::coroutine_handle<> root) { transfer(root), run(); }
  // Counts the input and takes its time. `fed` gives the code an input from before, whose time it
  // is.
  void begin_input(const event& input, time_point now);
  void answer(const event&);                // to a step; not open: ignored
  void defer_answer(std::uint64_t number);  // it came while no code ran: the step takes no other
  void want_again(std::uint64_t number);    // that answer was taken back: the step takes another
  void raise(std::string name, payload);
  void complete(result<payload>);
  void shut() noexcept;
  // What the history says the code did with the input that comes: nothing for a live one. `last`: what
  // the code does beyond it is live.
  struct recording {
    std::span<const event> steps;
    bool last = false;
  };
  // Borrowed until the next call.
  void expect(const recording* recorded) noexcept { recorded_ = recorded; }
  void skip_number() noexcept { ++next_number_; }
  // Events that were raised and that the code has not seen, in their order: the next generation's.
  std::vector<event> unseen() const;

  bool continued() const noexcept { return continued_; }
  std::uint64_t next_number() const noexcept { return next_number_; }
  bool overrun() const noexcept { return overrun_; }
  bool open_step(std::uint64_t number) const noexcept;
  std::size_t buffered() const noexcept { return buffered_; }
  std::size_t buffered_bytes() const noexcept { return buffered_bytes_; }
  std::vector<std::string> waiting_for() const;
  std::vector<event>& taken() noexcept { return taken_; }  // recorded since it was last emptied
  std::vector<std::string> take_lines();                   // logged since the last call
  // The code was given so many bytes that it may have copied, and that nobody counts.
  void keeps(std::size_t bytes) noexcept {
    if (bytes > sizeof(std::string)) kept_bytes_ += static_cast<std::uint32_t>(bytes);
  }
  std::size_t footprint() const noexcept;  // bytes beside itself and what is counted

 private:
  struct channel;
  using channels = std::map<std::string, channel>;  // by name
  enum class cell_state : std::uint8_t { open, settled, withdrawn, taken };
  // Of a step that asked for something with a name. A wait's is that of its events.
  struct step_names {
    std::string name, operation, key;
  };
  struct question {
    event_kind kind{};
    cell_state state = cell_state::open;
    bool answered = false;     // deferred: the answer is there, the code has not seen it
    std::uint32_t wait = 0;    // the wait that counts on it; 0 none
    std::uint64_t number = 0;  // of its step; of what was no step, that of the one that came next
    std::uint64_t order = 0;   // settled: counts up over the whole history
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
  struct channel {            // events of one name
    std::list<ticket> waits;  // open ones, oldest first
    std::list<raised> buffer;
  };
  struct seldom_used {
    std::unordered_map<std::string, bool> changes;  // decided, by name
    std::vector<std::string> lines;
    open_section section;
    std::uint64_t drawn = 0;
    std::shared_ptr<steps*> life;
  };

  ticket open_cell(request);
  ticket find(std::uint64_t number) const noexcept;  // of an open call, timer or lock
  bool asks(std::uint64_t number) const noexcept { return find(number) != no_ticket; }
  seldom_used& seldom();
  event& record(event_kind);
  void wait(std::coroutine_handle<>, std::span<const ticket>, std::size_t enough);
  void settle(ticket, payload, std::unique_ptr<failure>, std::uint64_t order);
  bool take_buffered(ticket);
  void put_back(question&);
  void run();

  std::string id_;
  generation generation_;
  running_body body_;

  std::vector<question> cells_;  // their numbers never fall
  channels events_;
  std::uint32_t buffered_ = 0;
  std::uint32_t buffered_bytes_ = 0;  // less than max_bytes_per_turn

  std::coroutine_handle<> waiting_;  // the innermost frame
  std::uint32_t wait_ = 0;           // which wait that is
  std::uint32_t remaining_ = 0;      // settlements until it goes on
  std::coroutine_handle<> next_;

  const recording* recorded_ = nullptr;
  std::unique_ptr<seldom_used> seldom_;

  std::vector<event> taken_;
  std::uint64_t next_number_ = 0;
  std::uint64_t settled_count_ = 0;
  std::uint32_t kept_bytes_ = 0;
  std::uint32_t steps_of_input_ = 0;
  bool shut_ = false;
  bool overrun_ = false;
  bool continued_ = false;
  time_point now_{};
  time_point at_{};  // of the steps: the input's in its history
};

}  // namespace reprise::internal
