// store-faults: a life of the store in which the n-th call of the system fails, for every n: opening,
// terms, commits, changes of segments, folds, loads, closing; once, twice in a row, for ever.
//
// Every time: what was acknowledged is there after the next open, what was refused is not, a store
// that has stopped says so once, one that has not goes on as soon as calls succeed again.
//
// Usage: store-faults    Exit status 0: nothing found.

#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <string>

#include "persistence/check.hpp"
#include "persistence/keys.hpp"
#include "persistence/lmdb_store.hpp"
#include "tests/fault/bad_calls.hpp"

namespace {

using namespace reprise::fault;
using namespace reprise::persistence;
namespace fs = std::filesystem;

constexpr unsigned for_ever = std::numeric_limits<unsigned>::max();

const char* name_of(call which) {
  constexpr const char* names[] = {"open", "write", "flush", "allocate"};
  return names[static_cast<int>(which)];
}

class life {
 public:
  explicit life(const std::string& folder) : folder_(folder) { fs::remove_all(folder_); }

  // Empty: nothing is wrong.
  std::string run(const bad_calls& how) {
    arm(how);
    open();
    for (int i = 0; i < 12 && store_; ++i) {
      commit();
      if (i % 4 == 3) fold();
      look();
    }
    if (how.times == for_ever) {
      calls_ = disarm();
      if (store_) go_on();
    }
    if (store_ && !stopped_) store_->close();
    store_.reset();
    calls_ += disarm();
    return wrong_.empty() ? look_again() : wrong_;
  }

  unsigned calls() const { return calls_; }

 private:
  static std::string value(position at) {
    return std::string(5'000, static_cast<char>('a' + at % 26));
  }
  static std::string name(position at) { return keys::meta("k" + std::to_string(at)); }

  void expect(bool held, const std::string& what) {
    if (!held && wrong_.empty()) wrong_ = what;
  }

  void open() {
    lmdb_options o;
    o.folder = folder_;
    o.fold.mode = fold_mode::by_hand;
    o.map_bytes = std::size_t{16} << 20;
    o.segment_bytes = std::size_t{16} << 10;
    auto opened = open_lmdb_store(o);
    if (!opened) {
      const auto code = opened.error().code;
      expect(code == errc::full || code == errc::io || code == errc::not_written ||
                 code == errc::unknown,
             "an open that failed says " + opened.error().text);
      return;
    }
    store_ = std::move(*opened);
    store_->watch({.stopped = [this](const fault&) { ++told_stopped_; }});
  }

  void commit() {
    if (stopped_) return;
    if (needs_term_) {
      const auto begun = store_->begin_term();
      if (!begun && begun.error().code == errc::not_written) return;
      if (!begun) return stop(begun.error(), false);
      needs_term_ = false;
    }
    const auto at = store_->durable() + 1;
    batch b;
    b.put(name(at), value(at));
    const auto done = store_->commit(at, {&b, 1});
    if (done)
      acknowledged_ = at;
    else if (done.error().code == errc::not_written)
      needs_term_ = true;
    else
      stop(done.error(), true);
  }

  void stop(const fault& why, bool in_doubt) {
    expect(why.code == errc::unknown || why.code == errc::failed, "it stops with " + why.text);
    stopped_ = true;
    in_doubt_ = in_doubt;
    expect(store_->begin_term().error().code == errc::failed, "a store that has stopped stays so");
  }

  void fold() {
    if (stopped_) return;
    const auto folded = fold_now(*store_);
    if (folded || folded.error().code == errc::full) return;
    stopped_ = true;
    expect(told_stopped_ == 1, "a fold that stops the store says so once");
  }

  void look() {
    load_request all;
    for (position at = 1; at <= acknowledged_; ++at) all.keys.push_back(name(at));
    const auto seen = store_->read(all);
    if (stopped_) return expect(seen.error && seen.error->code == errc::failed, "it reads no more");
    if (seen.error) return expect(false, "a read says " + seen.error->text);
    for (position at = 1; at <= acknowledged_; ++at)
      expect(seen.values[at - 1] == value(at), "a read lacks " + std::to_string(at));
  }

  // By itself, as soon as calls succeed again.
  void go_on() {
    if (stopped_) return;
    const auto before = acknowledged_;
    expect(fold_now(*store_).has_value(), "it folds again");
    commit();
    expect(acknowledged_ == before + 1, "it takes writes again");
    look();
    expect(!store_->load_state().full && !store_->must_wait(), "it says that there is room again");
  }

  std::string look_again() {
    store_.reset();
    stopped_ = false;
    told_stopped_ = 0;
    open();
    if (!store_) return "it does not open again: " + wrong_;
    const auto last = store_->durable();
    expect(last >= acknowledged_ && last <= acknowledged_ + (in_doubt_ ? 1 : 0),
           "acknowledged " + std::to_string(acknowledged_) + ", there are " + std::to_string(last));
    acknowledged_ = last;
    look();
    store_->close();
    store_.reset();
    const auto report = check_folder(folder_);
    expect(report && report->findings.empty(),
           "store check: " + (!report                    ? report.error().text
                              : report->findings.empty() ? ""
                                                         : report->findings.front()));
    return wrong_;
  }

  const std::string folder_;
  std::unique_ptr<store> store_;
  std::string wrong_;
  position acknowledged_ = 0;
  bool needs_term_ = false, stopped_ = false, in_doubt_ = false;
  int told_stopped_ = 0;
  unsigned calls_ = 0;
};

constexpr int errors_of_writes[] = {ENOSPC, EDQUOT, EIO, 0};
constexpr int errors_of_flushes[] = {ENOSPC, EDQUOT, EIO};
constexpr int errors_of_opens[] = {ENOSPC, EMFILE, EIO};
constexpr int errors_of_allocations[] = {ENOSPC, EIO};

}  // namespace

int main() {
  const auto folder = (fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path()) /
                      ("reprise-store-faults-" + std::to_string(::getpid()));
  unsigned cases = 0, findings = 0;
  const auto sweep = [&](call which, std::span<const int> errors) {
    life sound(folder);
    if (const auto wrong = sound.run({folder, which}); !wrong.empty()) {
      ++findings;
      std::printf("FOUND: without a fault: %s\n", wrong.c_str());
    }
    const auto calls = sound.calls();
    for (const int error : errors)
      for (const unsigned times : {1u, 2u, for_ever})
        for (unsigned first = 1; first <= calls; ++first) {
          ++cases;
          const auto wrong = life(folder).run({folder, which, first, times, error});
          if (wrong.empty()) continue;
          ++findings;
          std::printf("FOUND: case %u, %s %u of %u, %s, %s: %s\n", cases, name_of(which), first,
                      calls, error != 0 ? ::strerrorname_np(error) : "in part",
                      times == 1   ? "once"
                      : times == 2 ? "twice"
                                   : "for ever",
                      wrong.c_str());
        }
  };
  sweep(call::write, errors_of_writes);
  sweep(call::flush, errors_of_flushes);
  sweep(call::open, errors_of_opens);
  sweep(call::allocate, errors_of_allocations);
  fs::remove_all(folder);
  std::printf("%u lives, %u findings\n", cases, findings);
  return findings == 0 ? 0 : 1;
}
