#include "persistence/keys.hpp"

#include <array>
#include <bit>
#include <cassert>
#include <concepts>
#include <limits>

#include "persistence/limits.hpp"

namespace reprise::persistence {

std::string_view table_name(std::uint8_t number) noexcept {
  static constexpr std::array<std::string_view, table_count> names{
      "store",  "meta",     "actors",  "entries", "instances", "history",      "messages",
      "timers", "requests", "resends", "dedup",   "locks",     "dead_letters", "listing"};
  return number < names.size() ? names[number] : "?";
}

namespace keys {
namespace {

constexpr std::uint8_t dedup_record = 1;
constexpr std::uint8_t dedup_by_age = 2;
constexpr std::uint8_t listed_by_end = 1;
constexpr std::uint8_t this_partition = 0;

class encoder {
 public:
  explicit encoder(persistence::table t) {
    bytes_.reserve(96);  // enough for an event of an instance with a generated id, and most others
    u8(static_cast<std::uint8_t>(t));
  }

  encoder& u8(std::uint8_t v) {
    bytes_.push_back(static_cast<char>(v));
    return *this;
  }
  encoder& text(std::string_view v) {
    assert(v.find('\0') == v.npos);
    bytes_.append(v).push_back('\0');
    return *this;
  }
  encoder& bytes(std::string_view v) {
    bytes_.append(v);
    return *this;
  }
  template <std::unsigned_integral T>
  encoder& number(T v) {
    static_assert(std::endian::native == std::endian::little);
    const auto big = __builtin_bswap64(std::uint64_t{v} << (8 - sizeof v) * 8);
    bytes_.append(reinterpret_cast<const char*>(&big), sizeof v);
    return *this;
  }
  encoder& time(std::int64_t ns) {
    return number(static_cast<std::uint64_t>(ns) ^ (std::uint64_t{1} << 63));
  }
  encoder& to(const owner& o) {
    assert(o.kind == 1 || o.kind == 2);
    return u8(o.kind).text(o.type).text(o.key);
  }
  encoder& id(std::uint64_t term, std::uint64_t position, std::uint32_t index) {
    return u8(this_partition).number(term).number(position).number(index);
  }

  std::string key() {
    assert(bytes_.size() <= limits::max_key_bytes);
    return std::move(bytes_);
  }
  // Returns the range of all keys that begin with these bytes.
  range prefix() {
    std::string last = bytes_;
    while (static_cast<unsigned char>(last.back()) == 0xff)
      last.pop_back();  // the table is not 0xff
    ++last.back();
    return {std::move(bytes_), std::move(last)};
  }

 private:
  std::string bytes_;
};

class decoder {
 public:
  decoder(std::string_view key, persistence::table t) : rest_(key) {
    good_ = key.size() <= limits::max_key_bytes && u8() == static_cast<std::uint8_t>(t);
  }

  std::uint8_t u8() {
    if (rest_.empty()) return fail<std::uint8_t>();
    const auto v = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return v;
  }
  std::string text() {
    const auto end = rest_.find('\0');
    if (end == rest_.npos) return fail<std::string>();
    std::string v(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return v;
  }
  std::string bytes() {
    std::string v(rest_);
    rest_ = {};
    return v;
  }
  template <std::unsigned_integral T>
  T number() {
    if (rest_.size() < sizeof(T)) return fail<T>();
    std::uint64_t v = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) v = v << 8 | static_cast<unsigned char>(rest_[i]);
    rest_.remove_prefix(sizeof(T));
    return static_cast<T>(v);
  }
  std::int64_t time() {
    return static_cast<std::int64_t>(number<std::uint64_t>() ^ (std::uint64_t{1} << 63));
  }
  stored_owner to() {
    stored_owner o;
    o.kind = u8();
    if (o.kind != 1 && o.kind != 2) good_ = false;
    o.type = text();
    o.key = text();
    return o;
  }
  void require(bool holds) { good_ = good_ && holds; }

  // Returns the value if every field was present and the whole key was read.
  template <class T>
  std::optional<T> give(T value) const {
    if (!good_ || !rest_.empty()) return std::nullopt;
    return value;
  }

 private:
  template <class T>
  T fail() {
    good_ = false;
    rest_ = {};
    return T{};
  }

  std::string_view rest_;
  bool good_ = true;
};

// Key forms that several tables share. Fields are decoded in the order of declaration.
std::string of_text(persistence::table t, std::string_view text) {
  return encoder(t).text(text).key();
}

std::optional<std::string> read_text(persistence::table t, std::string_view key) {
  decoder in(key, t);
  auto v = in.text();
  return in.give(std::move(v));
}

dedup_key read_dedup_fields(decoder& in) {
  dedup_key k;
  k.to = in.to();
  k.operation = in.text();
  k.hash = in.bytes();
  in.require(k.hash.size() == 16);
  return k;
}

// Returns the keys that begin with `prefix` and then a time up to and including `ns`.
range until(encoder prefix, std::int64_t ns) {
  auto last = prefix;
  auto all = prefix.prefix();
  if (ns == std::numeric_limits<std::int64_t>::max()) return all;
  return {std::move(all.first), last.time(ns + 1).key()};
}

}  // namespace

range whole(persistence::table t) { return encoder(t).prefix(); }

std::string meta(std::string_view name) { return of_text(table::meta, name); }
std::optional<std::string> read_meta(std::string_view key) { return read_text(table::meta, key); }

std::string actor(std::string_view type, std::string_view key) {
  return encoder(table::actors).text(type).text(key).key();
}
std::optional<actor_key> read_actor(std::string_view key) {
  decoder in(key, table::actors);
  actor_key k{in.text(), in.text()};
  return in.give(std::move(k));
}

std::string entry(std::string_view type, std::string_view key, std::string_view name,
                  std::string_view entry_key) {
  return encoder(table::entries).text(type).text(key).text(name).bytes(entry_key).key();
}
range entries_range(std::string_view type, std::string_view key, std::string_view name) {
  return encoder(table::entries).text(type).text(key).text(name).prefix();
}
range actors_range(std::string_view type) { return encoder(table::actors).text(type).prefix(); }
range entries_of(std::string_view type, std::string_view key) {
  return encoder(table::entries).text(type).text(key).prefix();
}
std::optional<entry_key> read_entry(std::string_view key) {
  decoder in(key, table::entries);
  entry_key k{in.text(), in.text(), in.text(), in.bytes()};
  return in.give(std::move(k));
}

std::string instance(std::string_view id) { return of_text(table::instances, id); }
range instances_range() { return whole(table::instances); }
std::optional<std::string> read_instance(std::string_view key) {
  return read_text(table::instances, key);
}

std::string event(std::string_view id, std::uint64_t gen_term, std::uint64_t gen_position,
                  std::uint64_t number) {
  return encoder(table::history)
      .text(id)
      .number(gen_term)
      .number(gen_position)
      .number(number)
      .key();
}
range history_range(std::string_view id, std::uint64_t gen_term, std::uint64_t gen_position) {
  return encoder(table::history).text(id).number(gen_term).number(gen_position).prefix();
}
range history_of(std::string_view id) { return encoder(table::history).text(id).prefix(); }
std::optional<event_key> read_event(std::string_view key) {
  decoder in(key, table::history);
  event_key k{in.text(), in.number<std::uint64_t>(), in.number<std::uint64_t>(),
              in.number<std::uint64_t>()};
  return in.give(std::move(k));
}

std::string message(const owner& to, std::uint8_t lane, std::uint64_t term, std::uint64_t position,
                    std::uint32_t index) {
  return encoder(table::messages).to(to).u8(lane).id(term, position, index).key();
}
range message_lane_range(const owner& to, std::uint8_t lane) {
  return encoder(table::messages).to(to).u8(lane).prefix();
}
range messages_of(const owner& to) { return encoder(table::messages).to(to).prefix(); }
range messages_range() { return whole(table::messages); }
std::optional<message_key> read_message(std::string_view key) {
  decoder in(key, table::messages);
  message_key k{in.to(),
                in.u8(),
                in.u8(),
                in.number<std::uint64_t>(),
                in.number<std::uint64_t>(),
                in.number<std::uint32_t>()};
  return in.give(std::move(k));
}

std::string timer(std::int64_t due_ns, const owner& to, std::uint64_t a, std::uint64_t b,
                  std::uint64_t c) {
  return encoder(table::timers).time(due_ns).to(to).number(a).number(b).number(c).key();
}
range timers_until(std::int64_t due_ns) { return until(encoder(table::timers), due_ns); }
range timers_range() { return whole(table::timers); }
std::optional<timer_key> read_timer(std::string_view key) {
  decoder in(key, table::timers);
  timer_key k{in.time(), in.to(), in.number<std::uint64_t>(), in.number<std::uint64_t>(),
              in.number<std::uint64_t>()};
  return in.give(std::move(k));
}

std::string request(std::string_view id, std::uint64_t gen_term, std::uint64_t gen_position,
                    std::uint64_t step) {
  return encoder(table::requests).text(id).number(gen_term).number(gen_position).number(step).key();
}
range requests_of(std::string_view id) { return encoder(table::requests).text(id).prefix(); }
range requests_range() { return whole(table::requests); }
std::optional<request_key> read_request(std::string_view key) {
  decoder in(key, table::requests);
  request_key k{in.text(), in.number<std::uint64_t>(), in.number<std::uint64_t>(),
                in.number<std::uint64_t>()};
  return in.give(std::move(k));
}

std::string resend(std::string_view id) { return of_text(table::resends, id); }
range resends_range() { return whole(table::resends); }
std::optional<std::string> read_resend(std::string_view key) {
  return read_text(table::resends, key);
}

std::string dedup(const owner& to, std::string_view operation, hash128 hash) {
  assert(hash.size() == 16);
  return encoder(table::dedup).u8(dedup_record).to(to).text(operation).bytes(hash).key();
}
std::optional<dedup_key> read_dedup(std::string_view key) {
  decoder in(key, table::dedup);
  in.require(in.u8() == dedup_record);
  auto k = read_dedup_fields(in);
  return in.give(std::move(k));
}

std::string dedup_age(std::int64_t recorded_ns, const owner& to, std::string_view operation,
                      hash128 hash) {
  assert(hash.size() == 16);
  encoder out(table::dedup);
  out.u8(dedup_by_age).time(recorded_ns).to(to).text(operation).bytes(hash);
  return out.key();
}
range dedup_ages_until(std::int64_t recorded_ns) {
  encoder prefix(table::dedup);
  prefix.u8(dedup_by_age);
  return until(std::move(prefix), recorded_ns);
}
std::optional<dedup_age_key> read_dedup_age(std::string_view key) {
  decoder in(key, table::dedup);
  in.require(in.u8() == dedup_by_age);
  dedup_age_key k{in.time(), read_dedup_fields(in)};
  return in.give(std::move(k));
}

std::string lock(const owner& to) { return encoder(table::locks).to(to).key(); }
range locks_range() { return whole(table::locks); }
std::optional<stored_owner> read_lock(std::string_view key) {
  decoder in(key, table::locks);
  auto to = in.to();
  return in.give(std::move(to));
}

std::string dead_letter(const owner& to, std::uint64_t term, std::uint64_t position,
                        std::uint32_t index) {
  assert(to.kind >= 1 && to.kind <= activity_owner);
  encoder out(table::dead_letters);
  return out.u8(to.kind).text(to.type).text(to.key).id(term, position, index).key();
}
range dead_letters_range() { return whole(table::dead_letters); }
std::optional<dead_letter_key> read_dead_letter(std::string_view key) {
  decoder in(key, table::dead_letters);
  stored_owner to{in.u8(), in.text(), in.text()};
  in.require(to.kind >= 1 && to.kind <= activity_owner);
  dead_letter_key k{std::move(to), in.u8(), in.number<std::uint64_t>(), in.number<std::uint64_t>(),
                    in.number<std::uint32_t>()};
  return in.give(std::move(k));
}

std::string ended(std::uint8_t state, std::int64_t at_ns, std::string_view id) {
  return encoder(table::listing).u8(listed_by_end).u8(state).time(at_ns).text(id).key();
}
range ended_until(std::uint8_t state, std::int64_t at_ns) {
  encoder prefix(table::listing);
  prefix.u8(listed_by_end).u8(state);
  return until(std::move(prefix), at_ns);
}
std::optional<ended_key> read_ended(std::string_view key) {
  decoder in(key, table::listing);
  in.require(in.u8() == listed_by_end);
  ended_key k{in.u8(), in.time(), in.text()};
  return in.give(std::move(k));
}

}  // namespace keys
}  // namespace reprise::persistence
