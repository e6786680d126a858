#include "tests/support/world.hpp"

#include <stdlib.h>

#include <stdexcept>
#include <tuple>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/lmdb_store.hpp"
#include "runtime/crash.hpp"

namespace reprise::testing {
inline namespace support {
namespace {

// Uses /dev/shm if it exists: processes of a world die, its machine does not, so nothing depends on
// what a flush does.
std::filesystem::path new_folder() {
  const std::filesystem::path shared = "/dev/shm";
  const auto parent =
      std::filesystem::exists(shared) ? shared : std::filesystem::temp_directory_path();
  auto name = (parent / "reprise-world-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  return name;
}

std::size_t records_in(const persistence::keys::range& which, persistence::store& s) {
  persistence::load_request all;
  std::tie(all.first, all.last) = which;
  all.max_entries = all.max_bytes = ~std::size_t{0} >> 1;
  return s.read(all).entries.size();
}

}  // namespace

world::world(std::uint64_t seed, disk d, make_application a, begins how)
    : machine_(seed),
      disk_(d),
      application_(std::move(a)),
      memory_disk_(std::make_shared<persistence::memory_disk>()) {
  if (disk_ == disk::lmdb) folder_ = new_folder();
  machine_.after_step([this] {
    if (std::exchange(dying_, false)) throw process_died();
    if (forget_always_) forget();
  });
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
  if (up()) throw std::logic_error("the process runs already");
  auto store = make_store();
  if (wrap_) store = wrap_(std::move(store));
  runtime::engine_options o;
  o.memory = memory_;
  o.hosts = hosts_;
  o.retention = retention_;
  o.spans = spans_;
  o.slate = slate_;
  o.log = [this](const log_line& line) {
    said.emplace_back(line.text);
    said_of.emplace_back(line.instance);
  };
  machine_.open(application_(), std::move(store), std::move(o));
}

void world::forget_always(bool on) { forget_always_ = on; }

void world::die_here() {
  mark_crash();
  dying_ = true;
}

// Twice: the first round only clears the mark of those that were used.
void world::forget() {
  engine().hosts.passivate(~std::size_t{0});
  engine().hosts.passivate(~std::size_t{0});
}

std::optional<result<payload>> world::perform(const request& what, ask_options o) {
  return machine_.answer_to<result<payload>>(
      [&](auto told) { at().perform(what, std::move(o), std::move(told)); });
}

std::optional<result<std::string>> world::start(const request& what, ask_options o) {
  return machine_.answer_to<result<std::string>>(
      [&](auto told) { at().start(what, std::move(o), std::move(told)); });
}

std::optional<result<>> world::raise(const request& event, ask_options o) {
  return machine_.answer_to<result<>>(
      [&](auto told) { at().instances().raise(event, std::move(o), std::move(told)); });
}

std::optional<result<>> world::terminate(const std::string& id, const std::string& reason,
                                         ask_options o) {
  return machine_.answer_to<result<>>(
      [&](auto told) { at().instances().terminate(id, {reason}, std::move(o), std::move(told)); });
}

std::optional<result<instance_status>> world::status(const std::string& id, with_history how) {
  return machine_.answer_to<result<instance_status>>(
      [&](auto told) { at().instances().status(id, how, std::move(told)); });
}

world::answer_slot world::ask(const request& what, ask_options o) {
  auto slot = std::make_shared<std::optional<result<payload>>>();
  at().perform(what, std::move(o), [slot](result<payload> r) { *slot = std::move(r); });
  return slot;
}

std::size_t world::waiting_records() {
  namespace keys = persistence::keys;
  std::size_t found = 0;
  for (const auto& [first, last] :
       {keys::messages_range(), keys::timers_range(), keys::requests_range(), keys::resends_range(),
        keys::locks_range()}) {
    found += records_in({first, last}, *engine().store);
  }
  return found;
}

std::size_t world::count(persistence::table t) {
  return records_in(persistence::keys::whole(t), *engine().store);
}

bool world::ended(const std::string& id) {
  const auto s = status(id);
  return s && *s && is_terminal((*s)->state);
}

}  // namespace support
}  // namespace reprise::testing
