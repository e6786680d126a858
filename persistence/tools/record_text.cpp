#include "persistence/tools/record_text.hpp"

#include <capnp/dynamic.h>
#include <capnp/schema.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

#include "persistence/keys.hpp"
#include "persistence/record_options.hpp"
#include "persistence/records.capnp.h"
#include "persistence/tools/json_text.hpp"

namespace reprise::persistence::internal {

namespace {

json_object& owner_fields(json_object& to, const keys::stored_owner& o) {
  if (o.kind == 2) return to.text("instance", o.key);
  if (o.kind == keys::activity_owner) return to.text("activity", o.type).text("instance", o.key);
  return to.text("type", o.type).text("key", o.key);
}

std::optional<std::string> done(const json_object& o) { return o.done(); }

std::optional<std::string> id_json(const std::optional<std::string>& id, std::string_view name) {
  if (!id) return std::nullopt;
  return json_object().text(name, *id).done();
}

std::optional<std::string> message_key_json(std::string_view key) {
  const auto k = keys::read_message(key);
  if (!k) return std::nullopt;
  json_object o;
  owner_fields(o, k->to).number("lane", k->lane).number("partition", k->partition);
  return done(o.big("term", k->term).big("position", k->position).number("index", k->index));
}

std::optional<std::string> dead_letter_key_json(std::string_view key) {
  const auto k = keys::read_dead_letter(key);
  if (!k) return std::nullopt;
  json_object o;
  owner_fields(o, k->to).number("partition", k->partition);
  return done(o.big("term", k->term).big("position", k->position).number("index", k->index));
}

std::optional<std::string> timer_key_json(std::string_view key) {
  const auto k = keys::read_timer(key);
  if (!k) return std::nullopt;
  json_object o;
  owner_fields(o.time("due", k->due_ns), k->to);
  return done(o.big("term", k->a).big("position", k->b).big("number", k->c));
}

std::optional<std::string> listing_key_json(std::string_view key) {
  const auto k = keys::read_ended(key);
  if (!k) return std::nullopt;
  json_object o;
  return done(o.number("state", k->state).time("ended", k->at_ns).text("instance", k->id));
}

std::optional<std::string> dedup_key_json(std::string_view key) {
  json_object o;
  auto record = keys::read_dedup(key);
  if (!record) {
    auto age = keys::read_dedup_age(key);
    if (!age) return std::nullopt;
    o.time("recorded", age->recorded_ns);
    record = std::move(age->record);
  }
  owner_fields(o, record->to).text("operation", record->operation);
  return done(o.text("hash", record->hash));
}

// The keys of events and requests have the same fields; only the name of the last differs.
template <class Key>
std::optional<std::string> step_key_json(const std::optional<Key>& k, std::string_view name,
                                         std::uint64_t Key::*number) {
  if (!k) return std::nullopt;
  json_object o;
  o.text("instance", k->id).big("term", k->gen_term).big("position", k->gen_position);
  return done(o.big(name, (*k).*number));
}

std::optional<std::string> entry_key_json(std::string_view key) {
  const auto k = keys::read_entry(key);
  if (!k) return std::nullopt;
  json_object o;
  return done(
      o.text("type", k->type).text("key", k->key).text("table", k->table).text("entry", k->entry));
}

std::optional<std::string> actor_key_json(std::string_view key) {
  const auto k = keys::read_actor(key);
  if (!k) return std::nullopt;
  json_object o;
  return done(o.text("type", k->type).text("key", k->key));
}

std::optional<std::string> lock_key_json(std::string_view key) {
  const auto k = keys::read_lock(key);
  if (!k) return std::nullopt;
  json_object o;
  return done(owner_fields(o, *k));
}

std::string value_json(capnp::DynamicValue::Reader value);

std::string list_json(capnp::DynamicList::Reader list) {
  std::string out = "[";
  for (const auto element : list) {
    if (out.size() > 1) out += ',';
    out += value_json(element);
  }
  return out += ']';
}

std::string struct_json(capnp::DynamicStruct::Reader from) {
  json_object o;
  for (const auto field : from.getSchema().getFields()) {
    if (!from.has(field, capnp::HasMode::NON_DEFAULT) &&
        (field.getProto().isSlot() && !field.getType().isVoid()))
      continue;
    // Of a union, only the active member has a value.
    if (field.getProto().getDiscriminantValue() != capnp::schema::Field::NO_DISCRIMINANT) {
      const auto which = from.which();
      bool is_set = false;
      KJ_IF_MAYBE (w, which) is_set = *w == field;
      if (!is_set) continue;
    }
    o.raw(field.getProto().getName().cStr(), value_json(from.get(field)));
  }
  return o.done();
}

std::string value_json(capnp::DynamicValue::Reader value) {
  switch (value.getType()) {
    case capnp::DynamicValue::BOOL:
      return value.as<bool>() ? "true" : "false";
    case capnp::DynamicValue::INT:
      return '"' + std::to_string(value.as<std::int64_t>()) + '"';
    case capnp::DynamicValue::UINT:
      return '"' + std::to_string(value.as<std::uint64_t>()) + '"';
    case capnp::DynamicValue::FLOAT: {
      const auto number = value.as<double>();
      if (!std::isfinite(number)) return json_string(std::to_string(number));
      char text[32];
      std::snprintf(text, sizeof text, "%.17g", number);
      return text;
    }
    case capnp::DynamicValue::TEXT: {
      const auto text = value.as<capnp::Text>();
      return json_bytes({text.begin(), text.size()});
    }
    case capnp::DynamicValue::DATA: {
      const auto data = value.as<capnp::Data>();
      return json_bytes({reinterpret_cast<const char*>(data.begin()), data.size()});
    }
    case capnp::DynamicValue::LIST:
      return list_json(value.as<capnp::DynamicList>());
    case capnp::DynamicValue::STRUCT:
      return struct_json(value.as<capnp::DynamicStruct>());
    default:
      return "null";
  }
}

// Returns which struct the values of a table are; nothing for values without a schema.
std::optional<capnp::StructSchema> schema_of(std::string_view key) {
  switch (static_cast<table>(key.front())) {
    case table::actors:
      return capnp::Schema::from<records::Actor>();
    case table::entries:
      return capnp::Schema::from<records::Entry>();
    case table::instances:
      return capnp::Schema::from<records::Instance>();
    case table::history:
      return capnp::Schema::from<records::Events>();
    case table::messages:
      return capnp::Schema::from<records::Message>();
    case table::timers:
      return capnp::Schema::from<records::Timer>();
    case table::requests:
      return capnp::Schema::from<records::Request>();
    case table::dedup:
      if (keys::read_dedup(key)) return capnp::Schema::from<records::Dedup>();
      return std::nullopt;
    case table::locks:
      return capnp::Schema::from<records::Lock>();
    case table::dead_letters:
      return capnp::Schema::from<records::DeadLetter>();
    default:
      return std::nullopt;
  }
}

// Calls `use` with the root of the message in `value`; returns nothing if it is not a message.
template <class Use>
auto with_message(std::string_view value, Use use)
    -> std::optional<decltype(use(std::declval<capnp::MessageReader&>()))> {
  if (value.empty() || value.size() % sizeof(capnp::word) != 0) return std::nullopt;
  std::vector<capnp::word> words(value.size() / sizeof(capnp::word));
  std::memcpy(static_cast<void*>(words.data()), value.data(), value.size());
  try {
    capnp::FlatArrayMessageReader message(kj::arrayPtr(words.data(), words.size()),
                                          record_options(words.size()));
    return use(message);
  } catch (const kj::Exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<std::string> key_json(std::string_view key) {
  if (key.empty()) return std::nullopt;
  switch (static_cast<table>(key.front())) {
    case table::meta:
      return id_json(keys::read_meta(key), "name");
    case table::actors:
      return actor_key_json(key);
    case table::entries:
      return entry_key_json(key);
    case table::instances:
      return id_json(keys::read_instance(key), "instance");
    case table::history:
      return step_key_json(keys::read_event(key), "number", &keys::event_key::number);
    case table::messages:
      return message_key_json(key);
    case table::timers:
      return timer_key_json(key);
    case table::requests:
      return step_key_json(keys::read_request(key), "step", &keys::request_key::step);
    case table::resends:
      return id_json(keys::read_resend(key), "instance");
    case table::dedup:
      return dedup_key_json(key);
    case table::locks:
      return lock_key_json(key);
    case table::dead_letters:
      return dead_letter_key_json(key);
    case table::listing:
      return listing_key_json(key);
  }
  return std::nullopt;
}

std::string key_text(std::string_view key) {
  if (const auto json = key_json(key))
    return std::string(table_name(static_cast<std::uint8_t>(key.front()))) + ' ' + *json;
  std::string hex = "key ";
  for (const unsigned char c : key) {
    static constexpr char digits[] = "0123456789abcdef";
    (hex += digits[c >> 4]) += digits[c & 15];
  }
  return hex;
}

std::optional<std::string> record_json(std::string_view key, std::string_view value) {
  const auto schema = schema_of(key);
  if (!schema) return json_object().text("value", value).done();
  return with_message(value, [&](capnp::MessageReader& m) {
    return struct_json(m.getRoot<capnp::DynamicStruct>(*schema));
  });
}

std::optional<std::uint64_t> events_in(std::string_view value) {
  return with_message(value, [](capnp::MessageReader& m) -> std::uint64_t {
    return m.getRoot<records::Events>().getEvents().size();
  });
}

std::optional<history_claim> claim_of(std::string_view value) {
  return with_message(value, [](capnp::MessageReader& m) {
    const auto header = m.getRoot<records::Instance>();
    const auto g = header.getGeneration();
    return history_claim{g.getTerm(), g.getPosition(), header.getEvents()};
  });
}

}  // namespace reprise::persistence::internal
