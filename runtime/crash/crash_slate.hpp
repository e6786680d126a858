// Records what each thread that runs user code is doing, in a small shared mapping of a file. The page
// cache outlives the process, so the next process can read what the last one died of.
//
// Each thread takes one slot at its first turn. A turn, a replay or an attempt at an activity costs a
// few stores: no allocation, no lock, no flush. A marked slot is not overwritten.
//
// The log's thread runs no user code, but may die on what a turn wrote: while it writes a group, extra
// slots name the group's writers.
//
// Threads: any. The slate lives until the last thread with a slot in it has ended.

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

// Locates the record of a turn's message. For an activity, the id is its step's generation and number.
struct record_name {
  enum class table : std::uint8_t { none, messages, timers, requests };
  message_id id;
  time_point due{};  // of a timer record
  table in = table::none;
  runtime::lane lane = runtime::lane::ordinary;
};
record_name name_of(const message&) noexcept;

class crash_slate : public std::enable_shared_from_this<crash_slate> {
 public:
  struct entry {
    address who;  // of an activity: its instance, with the activity's name as the type
    record_name what;
    time_point started{};
    bool marked = false;
  };
  struct finding {
    // At the time of death; for the log's thread, the writers of its group.
    std::vector<entry> running;
    bool unowned = false;  // the dying thread ran none of them
  };

  // Opens the file; creates it anew if it is missing or of another version. Null, with errno, if it
  // cannot be mapped.
  static std::shared_ptr<crash_slate> open(const std::string& file);
  // For a simulated process: shared with forked children as the file is, and freed with this object.
  static std::shared_ptr<crash_slate> in_memory();
  ~crash_slate();
  crash_slate(const crash_slate&) = delete;
  crash_slate& operator=(const crash_slate&) = delete;

  // Returns what the last process left. Call before this process runs anything.
  finding read() const;
  void wipe();

  // Returns turns that began before `since` and have not ended, each only once. Call from one thread
  // only.
  std::vector<entry> hanging(time_point since);

  static constexpr std::size_t slots = 256;  // threads beyond this number are not recorded
  struct slot;
  struct header;

  // Records, during its lifetime, that the calling thread runs this code. Does nothing without a slate.
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

  // Records, during its lifetime, whose writes the calling thread is committing. One at a time.
  class writing {
   public:
    explicit writing(crash_slate*);
    ~writing();
    writing(const writing&) = delete;
    writing& operator=(const writing&) = delete;

    // Adds a writer. False: there is no slot for more.
    bool name(const address& who, const record_name& what, time_point started);

   private:
    crash_slate* const slate_;
    std::size_t named_ = 0;
  };

 private:
  static constexpr std::size_t named_writers = 32;  // per group
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
  std::array<std::int64_t, slots> named_{};  // start of the turn last returned by hanging()
  std::vector<slot*> writers_;               // slots of the log's thread, kept for good
};

}  // namespace reprise::runtime
