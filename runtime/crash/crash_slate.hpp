// What each thread that runs user code is doing, in a small file mapped shared: it outlives the process,
// because the page cache does, so the next one can read what the last one died of.
//
// One slot per thread, taken with its first turn. A turn, a replay or an attempt at an activity costs
// some stores: no allocation, no lock, no flush. A slot that was marked stays as it is.
//
// The log's thread runs no user code, and may die of what a turn wrote: while it writes a group, who wrote
// it stands in slots of their own.
//
// Threads: any. The slate lives until the last thread that has a slot in it has ended.

#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/request.hpp"
#include "actors/time.hpp"
#include "runtime/message/message.hpp"

namespace reprise::runtime {

// How the record of the message of a turn is found again. A step of an activity has its generation and
// number as the id.
struct record_name {
  enum class table : std::uint8_t { none, messages, timers, requests };
  message_id id;
  time_point due{};  // of a timer
  table in = table::none;
  runtime::lane lane = runtime::lane::ordinary;
};
record_name name_of(const message&) noexcept;

class crash_slate : public std::enable_shared_from_this<crash_slate> {
 public:
  struct entry {
    address who;  // of an activity: its instance, with its name as the type
    record_name what;
    time_point started{};
    bool marked = false;
  };
  struct finding {
    std::vector<entry> running;  // when the process died; of a group, those who wrote it
    bool unowned = false;        // marked by a thread that ran none of them
  };

  // Makes the file when it is not there, or is another version's. Nothing, and errno: it cannot be
  // mapped.
  static std::shared_ptr<crash_slate> open(const std::string& file);
  // For a simulated process: as shared as the file's, gone with this object.
  static std::shared_ptr<crash_slate> in_memory();
  ~crash_slate();
  crash_slate(const crash_slate&) = delete;
  crash_slate& operator=(const crash_slate&) = delete;

  // What the last process left; before this one runs anything.
  finding read() const;
  void wipe();

  // Turns that began before this time and have not ended; each is named once. One thread.
  std::vector<entry> hanging(time_point since);

  static constexpr std::size_t slots = 256;  // a thread beyond them runs without
  struct slot;
  struct header;

  // While it lives, the calling thread runs this code. No slate: does nothing.
  class occupation {
   public:
    occupation(crash_slate* slate, const address& who, const record_name& what,
               time_point started) {
      if (slate) at_ = slate->enter(who, what, started);
    }
    ~occupation() {
      if (at_) leave(*at_);
    }
    occupation(const occupation&) = delete;
    occupation& operator=(const occupation&) = delete;

   private:
    slot* at_ = nullptr;
  };

  // While it lives, the calling thread writes what these wrote, and dies of one of them. One at a time.
  class writing {
   public:
    explicit writing(crash_slate*);
    ~writing();
    writing(const writing&) = delete;
    writing& operator=(const writing&) = delete;

    // False: no more of them are named.
    bool name(const address& who, const record_name& what, time_point started);

   private:
    crash_slate* const slate_;
    std::size_t named_ = 0;
  };

 private:
  static constexpr std::size_t named_writers = 32;  // of one group
  friend class seat;
  explicit crash_slate(void* mapped);
  slot* enter(const address&, const record_name&, time_point started);
  static void fill(slot&, const address&, const record_name&, time_point started, bool of_group);
  static void leave(slot&);
  static std::optional<entry> entry_in(const slot&);
  slot* take_slot();
  void give_slot(slot&);
  slot* first() const noexcept;

  header* const header_;
  std::array<std::atomic<bool>, slots> taken_{};
  std::array<std::int64_t, slots> named_{};  // when the turn began that was named last
  std::vector<slot*> writers_;               // taken by the log's thread, for good
};

}  // namespace reprise::runtime
