// Any bytes as a key: read, or not a key. What is read is written as it was.

#include "persistence/keys.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace keys = reprise::persistence::keys;

namespace {

void require(bool held) {
  if (!held) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view key(reinterpret_cast<const char*>(bytes), size);
  if (const auto name = keys::read_meta(key)) require(keys::meta(*name) == key);
  if (const auto of = keys::read_actor(key)) require(keys::actor(of->type, of->key) == key);
  if (const auto id = keys::read_instance(key)) require(keys::instance(*id) == key);
  if (const auto id = keys::read_resend(key)) require(keys::resend(*id) == key);
  static_cast<void>(keys::read_entry(key));
  static_cast<void>(keys::read_event(key));
  static_cast<void>(keys::read_message(key));
  static_cast<void>(keys::read_timer(key));
  static_cast<void>(keys::read_request(key));
  static_cast<void>(keys::read_dedup(key));
  static_cast<void>(keys::read_dedup_age(key));
  static_cast<void>(keys::read_lock(key));
  static_cast<void>(keys::read_dead_letter(key));
  if (const auto of = keys::read_ended(key))
    require(keys::ended(of->state, of->at_ns, of->id) == key);
  return 0;
}
