#include "tests/support/world.hpp"

#include <stdlib.h>

#include <stdexcept>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/lmdb_store.hpp"
#include "runtime/crash.hpp"
#include "runtime/internal/schema_check.hpp"

namespace reprise::testing {
namespace {

// In memory if there is such a folder: a world's processes die, its machine does not, so nothing here
// depends on what a flush does.
std::filesystem::path new_folder() {
  const std::filesystem::path shared = "/dev/shm";
  const auto parent =
      std::filesystem::exists(shared) ? shared : std::filesystem::temp_directory_path();
  auto name = (parent / "reprise-world-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  return name;
}

}  // namespace

world::world(std::uint64_t seed, disk d, make_application a, begins how)
    : seed_(seed),
      disk_(d),
      application_(std::move(a)),
      now_(std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)),
      memory_disk_(std::make_shared<persistence::memory_disk>()) {
  if (disk_ == disk::lmdb) folder_ = new_folder();
  if (how == begins::up) open();
}

world::~world() {
  crash();
  if (!folder_.empty()) std::filesystem::remove_all(folder_);
}

std::unique_ptr<persistence::store> world::make_store() {
  if (disk_ == disk::memory) return std::make_unique<persistence::memory_store>(memory_disk_);
  persistence::lmdb_options o;
  o.folder = folder_ / "data";
  o.fold.mode = persistence::fold_mode::every_group;
  o.segment_bytes = segment_;
  o.map_bytes = std::size_t{256} << 20;
  o.at = at_;
  auto opened = persistence::open_lmdb_store(o);
  if (!opened) throw std::runtime_error(opened.error().text);
  return std::move(*opened);
}

void world::open() {
  if (node_) throw std::logic_error("the process runs already");
  auto store = make_store();
  if (wrap_) store = wrap_(std::move(store));
  auto executor = std::make_unique<runtime::simulated_executor>(seed_ + 7919 * opens_++, now_);
  const auto runs = executor.get();
  auto app = application_();
  if (const auto fits = runtime::check_schemas(*store, app); !fits)
    throw std::runtime_error(fits.error().text);
  runtime::engine_options o;
  o.memory = memory_;
  o.pools = {{"io", 4}, {"cpu", 2}};
  o.nonce = opens_;
  o.slate = slate_;
  o.log = [this](log_level, std::string_view text) { said.emplace_back(text); };
  auto opened = internal::node_access::open(std::make_unique<runtime::engine>(
      std::move(app), std::move(store), std::move(executor), std::move(o)));
  if (!opened) throw std::runtime_error(opened.error().text);
  node_ = std::move(*opened);
  executor_ = runs;
}

void world::crash() {
  if (!node_) return;
  now_ = executor_->now();
  internal::node_access::crash(std::move(node_));
  node_.reset();
  executor_ = nullptr;
}

void world::close() {
  now_ = executor_->now();
  node_->close();
  node_.reset();
  executor_ = nullptr;
}

node& world::at() {
  if (!node_) throw std::logic_error("no process runs");
  return *node_;
}

void world::die_here() {
  mark_crash();
  dying_ = true;
}

bool world::step() {
  if (!executor_->step()) return false;
  if (std::exchange(dying_, false)) throw process_died();
  if (forget_always_) forget();
  return true;
}

// Twice: the first round only marks those that were used.
void world::forget() {
  engine().hosts.passivate(~std::size_t{0});
  engine().hosts.passivate(~std::size_t{0});
}

void world::run() {
  while (step()) {
  }
}

void world::clock(time_point t) {
  now_ = t;
  if (executor_) executor_->clock(t);
}
void world::advance(duration d) { executor_->advance(d); }

bool world::run_until(const std::function<bool()>& until, duration limit) {
  const auto end = executor_->now() + limit;
  for (;;) {
    run();
    if (until()) return true;
    if (!executor_->alarm() || *executor_->alarm() > end) return false;
    executor_->advance_to_alarm();
  }
}

// Runs until the answer is there, or all is idle. The slot is shared: a process that dies answers
// later, when what it held is destroyed.
template <class T, class Ask>
std::optional<T> world::answer_to(Ask ask) {
  auto slot = std::make_shared<std::optional<T>>();
  ask([slot](T t) { *slot = std::move(t); });
  while (!*slot && step()) {
  }
  return *slot;
}

std::optional<result<payload>> world::perform(const request& what, ask_options o) {
  return answer_to<result<payload>>(
      [&](auto told) { at().perform(what, std::move(o), std::move(told)); });
}

std::optional<result<std::string>> world::start(const request& what, ask_options o) {
  return answer_to<result<std::string>>(
      [&](auto told) { at().start(what, std::move(o), std::move(told)); });
}

std::optional<result<>> world::raise(const request& event, ask_options o) {
  return answer_to<result<>>([&](auto told) {
    at().raise(event.key, event.name, event.input, std::move(o), std::move(told));
  });
}

std::optional<result<>> world::terminate(const std::string& id, const std::string& reason,
                                         ask_options o) {
  return answer_to<result<>>(
      [&](auto told) { at().terminate(id, reason, std::move(o), std::move(told)); });
}

std::optional<result<instance_status>> world::status(const std::string& id, with_history how) {
  return answer_to<result<instance_status>>(
      [&](auto told) { at().status(id, how, std::move(told)); });
}

world::answer_slot world::ask(const request& what, ask_options o) {
  auto slot = std::make_shared<std::optional<result<payload>>>();
  at().perform(what, std::move(o), [slot](result<payload> r) { *slot = std::move(r); });
  return slot;
}

std::size_t world::waiting_records() {
  namespace keys = persistence::keys;
  std::size_t found = 0;
  for (const auto& [first, last] : {keys::messages_range(), keys::timers_range(),
                                    keys::requests_range(), keys::resends_range()}) {
    persistence::load_request all;
    all.first = first;
    all.last = last;
    all.max_entries = all.max_bytes = ~std::size_t{0} >> 1;
    found += engine().store->read(all).entries.size();
  }
  return found;
}

bool world::ended(const std::string& id) {
  const auto s = status(id);
  return s && *s && is_terminal((*s)->state);
}

}  // namespace reprise::testing
