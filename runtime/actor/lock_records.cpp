#include "runtime/actor/lock_records.hpp"

#include <tuple>
#include <utility>

#include "persistence/keys.hpp"
#include "runtime/message/records.hpp"
#include "runtime/reading/page_reader.hpp"
#include "runtime/reading/store_failure.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

namespace {

failure damaged_lock() {
  return {cause::corrupt, "a lock record is damaged; run store check", false};
}

}  // namespace

result<lock_table::contents> read_locks(const read_records& read) {
  lock_table::contents all;
  persistence::load_request page;
  std::tie(page.first, page.last) = keys::locks_range();
  for (;;) {
    const auto a = read(page);
    if (a.error) return store_failure(*a.error);
    for (const auto& [key, value] : a.entries) {
      const auto where = keys::read_lock(key);
      auto lock = records::decode_lock(value);
      if (!where || !lock) return damaged_lock();
      all.insert_or_assign(records::address_of(*where), *std::move(lock));
    }
    if (!a.corrupt.empty()) return damaged_lock();
    if (!next_page(page, a)) return all;
  }
}

}  // namespace reprise::runtime
