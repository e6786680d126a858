#include "runtime/crash/crash_slate.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "actors/limits.hpp"
#include "runtime/crash.hpp"

namespace reprise::runtime {

namespace {
constexpr std::uint64_t magic = 0x3145'5441'4C53'5052;  // "RPSLATE1"
}

enum class slot_state : std::uint32_t { free, occupied, marked };
enum class mark : std::uint32_t { none, by_any_thread, by_the_log };

struct crash_slate::slot {
  std::atomic<slot_state> state;
  std::uint8_t kind, table, lane, type_size;
  std::uint64_t key_size;
  std::uint64_t term, position, index;
  std::int64_t due;
  std::atomic<std::int64_t> started;  // also read by hanging() while it runs
  char text[max_name + max_key];      // type, then key
  std::uint64_t of_group;  // 1: names a writer of the group being written, not running code
};

struct crash_slate::header {
  std::uint64_t magic;
  std::uint32_t slots, slot_size;
  std::atomic<mark> unowned;
  pid_t process;  // pid; a child made by fork shares the mapping but must not mark it
  char unused[40];
};

namespace {

using slot = crash_slate::slot;
using header = crash_slate::header;

static_assert(sizeof(header) == 64 && sizeof(slot) % 64 == 0);
static_assert(std::atomic<slot_state>::is_always_lock_free);
constexpr std::size_t slate_bytes = sizeof(header) + crash_slate::slots * sizeof(slot);

// A signal handler gets no argument to find a slate by, so these are global: the thread's own slot, and
// the mapped slates.
constinit thread_local slot* my_slot = nullptr;
constinit thread_local header* my_header = nullptr;
constinit thread_local header* my_log = nullptr;  // set while the thread writes a group
constinit std::array<std::atomic<header*>, 64> mapped_slates{};

void* map(int descriptor) {
  const int how = descriptor < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;
  void* at = ::mmap(nullptr, slate_bytes, PROT_READ | PROT_WRITE, how, descriptor, 0);
  return at == MAP_FAILED ? nullptr : at;
}

bool occupies(const slot* s) {
  return s && s->state.load(std::memory_order_relaxed) != slot_state::free;
}

}  // namespace

record_name name_of(const message& m) noexcept {
  using in = record_name::table;
  return {m.id, m.timer_due,
          m.durable      ? in::messages
          : m.from_timer ? in::timers
                         : in::none,
          m.lane};
}

// The stack for signal handlers when the thread's own stack has overflowed. An existing one is kept.
class signal_stack {
 public:
  ~signal_stack() {
    if (!memory_) return;
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    ::sigaltstack(&none, nullptr);
  }

  void provide() {
    stack_t now{};
    if (memory_ || ::sigaltstack(nullptr, &now) != 0 || (now.ss_flags & SS_DISABLE) == 0) return;
    memory_.reset(new char[bytes]);
    stack_t ours{};
    ours.ss_sp = memory_.get();
    ours.ss_size = bytes;
    ::sigaltstack(&ours, nullptr);
  }

 private:
  static constexpr std::size_t bytes = 32 << 10;  // a large CPU's registers alone are 11 KiB
  std::unique_ptr<char[]> memory_;
};

// A thread's slot in one slate, given back when the thread ends.
class seat {
 public:
  // A thread that ends inside user code has called exit, and is marked only later: its slate must stay
  // mapped.
  ~seat() {
    static std::atomic<std::shared_ptr<crash_slate>*> kept;
    if (slate_ && occupies(my_slot))
      kept = new std::shared_ptr<crash_slate>(std::move(slate_));
    else
      leave();
  }

  slot* at(crash_slate& slate) {
    if (slate_.get() == &slate) return my_slot;
    leave();
    slate_ = slate.shared_from_this();
    my_slot = slate.take_slot();
    my_header = slate.header_;
    stack_.provide();
    return my_slot;
  }

 private:
  void leave() {
    if (!slate_) return;
    if (my_slot && !occupies(my_slot)) slate_->give_slot(*my_slot);
    my_slot = nullptr;
    my_header = nullptr;
    slate_.reset();
  }

  std::shared_ptr<crash_slate> slate_;
  signal_stack stack_;
};

namespace {
thread_local seat my_seat;
}

std::shared_ptr<crash_slate> crash_slate::open(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return nullptr;
  struct stat now {};
  void* at = nullptr;
  int error = ::fstat(descriptor, &now) == 0 ? 0 : errno;
  if (error == 0 && now.st_size != static_cast<off_t>(slate_bytes))
    error = ::ftruncate(descriptor, 0) == 0 ? 0 : errno;
  // Allocates the blocks too: a store into a hole of a full disk would raise SIGBUS.
  if (error == 0) error = ::posix_fallocate(descriptor, 0, static_cast<off_t>(slate_bytes));
  if (error == 0 && !(at = map(descriptor))) error = errno;
  ::close(descriptor);
  errno = error;
  return at ? std::shared_ptr<crash_slate>(new crash_slate(at)) : nullptr;
}

std::shared_ptr<crash_slate> crash_slate::in_memory() {
  void* at = map(-1);
  return at ? std::shared_ptr<crash_slate>(new crash_slate(at)) : nullptr;
}

crash_slate::crash_slate(void* mapped) : header_(static_cast<header*>(mapped)) {
  if (header_->magic != magic || header_->slots != slots || header_->slot_size != sizeof(slot)) {
    std::memset(mapped, 0, slate_bytes);
    header_->slots = slots;
    header_->slot_size = sizeof(slot);
    header_->magic = magic;
  }
  header_->process = ::getpid();
  for (auto& each : mapped_slates) {
    header* none = nullptr;
    if (each.compare_exchange_strong(none, header_)) break;
  }
}

crash_slate::~crash_slate() {
  for (auto& each : mapped_slates) {
    auto* mine = header_;
    if (each.compare_exchange_strong(mine, nullptr)) break;
  }
  ::munmap(header_, slate_bytes);
}

slot* crash_slate::first() const noexcept { return reinterpret_cast<slot*>(header_ + 1); }

std::optional<crash_slate::entry> crash_slate::entry_in(const slot& s) {
  const auto state = s.state.load();
  if (state != slot_state::occupied && state != slot_state::marked) return std::nullopt;
  // Not written by this program.
  if (s.type_size > max_name || s.key_size > max_key) return std::nullopt;
  entry e;
  e.who = {static_cast<address_kind>(s.kind), std::string(s.text, s.type_size),
           std::string(s.text + s.type_size, s.key_size)};
  e.what = {{s.term, s.position, s.index},
            time_point(duration(s.due)),
            static_cast<record_name::table>(s.table),
            static_cast<runtime::lane>(s.lane)};
  e.started = time_point(duration(s.started));
  e.marked = state == slot_state::marked;
  return e;
}

crash_slate::finding crash_slate::read() const {
  finding found;
  const auto unowned = header_->unowned.load();
  found.unowned = unowned != mark::none;
  for (const auto* s = first(); s != first() + slots; ++s)
    if ((s->of_group != 0) == (unowned == mark::by_the_log))
      if (auto e = entry_in(*s)) found.running.push_back(std::move(*e));
  return found;
}

// A turn may end while its slot is read: then the reading is discarded.
std::vector<crash_slate::entry> crash_slate::hanging(time_point since) {
  std::vector<entry> found;
  for (std::size_t i = 0; i < slots; ++i) {
    const auto& s = first()[i];
    const auto began = s.started.load();
    if (!occupies(&s) || s.of_group != 0 || began == named_[i] ||
        time_point(duration(began)) >= since)
      continue;
    auto e = entry_in(s);
    if (!e || e->what.in == record_name::table::requests) continue;  // an activity may run for days
    if (!occupies(&s) || s.started.load() != began) continue;
    named_[i] = began;
    found.push_back(std::move(*e));
  }
  return found;
}

void crash_slate::wipe() {
  for (auto* s = first(); s != first() + slots; ++s) s->state.store(slot_state::free);
  header_->unowned.store(mark::none);
}

slot* crash_slate::take_slot() {
  for (std::size_t i = 0; i < slots; ++i)
    if (!taken_[i].exchange(true)) return first() + i;
  return nullptr;
}

void crash_slate::give_slot(slot& s) {
  taken_[static_cast<std::size_t>(&s - first())].store(false);
}

slot* crash_slate::enter(const address& who, const record_name& what, time_point started) {
  auto* s = my_seat.at(*this);
  if (!s || occupies(s)) return nullptr;  // nested in another entry, which already says what runs
  fill(*s, who, what, started, false);
  return s;
}

void crash_slate::fill(slot& to, const address& who, const record_name& what, time_point started,
                       bool of_group) {
  auto* const s = &to;
  const auto type_size = std::min(who.type.size(), max_name);
  const auto key_size = std::min(who.key.size(), max_key);
  s->kind = static_cast<std::uint8_t>(who.kind);
  s->table = static_cast<std::uint8_t>(what.in);
  s->lane = static_cast<std::uint8_t>(what.lane);
  s->type_size = static_cast<std::uint8_t>(type_size);
  s->key_size = key_size;
  s->term = what.id.term;
  s->position = what.id.at;
  s->index = what.id.index;
  s->due = what.due.time_since_epoch().count();
  s->started = started.time_since_epoch().count();
  std::memcpy(s->text, who.type.data(), type_size);
  std::memcpy(s->text + type_size, who.key.data(), key_size);
  s->of_group = of_group ? 1 : 0;
  s->state.store(slot_state::occupied, std::memory_order_release);
}

crash_slate::writing::writing(crash_slate* slate) : slate_(slate) {
  if (slate_) my_log = slate_->header_;
}

bool crash_slate::writing::name(const address& who, const record_name& what, time_point started) {
  auto& writers = slate_->writers_;
  if (named_ == named_writers) return false;
  if (named_ == writers.size()) {
    auto* another = slate_->take_slot();
    if (!another) return false;
    writers.push_back(another);
  }
  fill(*writers[named_++], who, what, started, true);
  return true;
}

crash_slate::writing::~writing() {
  if (!slate_) return;
  my_log = nullptr;
  // Its slots must stay, they name the writers.
  if (slate_->header_->unowned.load() == mark::by_the_log) return;
  for (std::size_t i = 0; i < named_; ++i)
    slate_->writers_[i]->state.store(slot_state::free, std::memory_order_release);
}

void crash_slate::leave(slot& s) {
  auto occupied = slot_state::occupied;  // only its own thread marks a slot
  if (s.state.load(std::memory_order_relaxed) == occupied)
    s.state.store(slot_state::free, std::memory_order_release);
}

}  // namespace reprise::runtime

namespace reprise {

using namespace runtime;

bool in_user_code() noexcept { return occupies(my_slot) && my_header->process == ::getpid(); }

void mark_crash() noexcept {
  if (in_user_code()) {
    my_slot->state.store(slot_state::marked);
    return;
  }
  if (my_log && my_log->process == ::getpid()) {
    my_log->unowned.store(mark::by_the_log);
    return;
  }
  for (auto& each : mapped_slates)
    if (auto* h = each.load(); h && h->process == ::getpid()) h->unowned.store(mark::by_any_thread);
}

}  // namespace reprise
