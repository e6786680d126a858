#include "runtime/node/schema_check.hpp"

#include <capnp/message.h>
#include <capnp/schema-loader.h>
#include <capnp/schema.capnp.h>
#include <capnp/serialize.h>

#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "persistence/keys.hpp"
#include "runtime/reading/page_reader.hpp"
#include "runtime/reading/store_failure.hpp"

namespace reprise::runtime {
namespace {

namespace keys = persistence::keys;

// What is stored: "type/actor stock state" -> "struct " and its schema id; "node/<id>" -> a schema
// node.
using kept = std::map<std::string, std::string>;

std::string hex(std::uint64_t n) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out(16, '0');
  for (auto at = out.rbegin(); at != out.rend(); ++at, n >>= 4) *at = digits[n & 15];
  return out;
}

std::string flat(capnp::schema::Node::Reader node) {
  capnp::MallocMessageBuilder copy;
  copy.setRoot(node);
  const auto words = capnp::messageToFlatArray(copy);
  const auto bytes = words.asBytes();
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

void add_nodes(kept& all, capnp::Schema schema);

void add_type(kept& all, capnp::Type type) {
  if (type.isList()) return add_type(all, type.asList().getElementType());
  if (type.isStruct()) add_nodes(all, type.asStruct());
  if (type.isEnum()) add_nodes(all, type.asEnum());
}

void add_nodes(kept& all, capnp::Schema schema) {
  const auto [at, fresh] =
      all.try_emplace("node/" + hex(schema.getProto().getId()), flat(schema.getProto()));
  if (!fresh || !schema.getProto().isStruct()) return;
  for (auto field : schema.asStruct().getFields()) {
    if (field.getProto().isGroup())
      add_nodes(all, field.getType().asStruct());
    else
      add_type(all, field.getType());
  }
}

std::string kind_of(const payload_type& t) {
  switch (t.kind) {
    case payload_kind::structure:
      return "struct " + hex(t.schema.getProto().getId());
    case payload_kind::list:
      return "list of " + kind_of(*t.element);
    case payload_kind::none:
      return "none";
    case payload_kind::json:
      return "json";
    case payload_kind::boolean:
      return "bool";
    case payload_kind::signed_integer:
      return "integer of " + std::to_string(t.bits) + " bits";
    case payload_kind::unsigned_integer:
      return "unsigned integer of " + std::to_string(t.bits) + " bits";
    case payload_kind::number:
      return "number";
    case payload_kind::text:
      return "text";
  }
  return "unknown";
}

void add(kept& all, const std::string& role, const payload_type* type) {
  if (!type) return;
  all.emplace("type/" + role, kind_of(*type));
  const auto* inner = type;
  while (inner->kind == payload_kind::list) inner = inner->element;
  if (inner->kind == payload_kind::structure) add_nodes(all, inner->schema);
}

kept of(const bindings& app) {
  kept all;
  for (const auto& [name, a] : app.actors()) {
    add(all, "actor " + name + " state", a.state);
    for (const auto& t : a.tables) {
      add(all, "table " + name + "." + t.name + " key", t.key);
      add(all, "table " + name + "." + t.name + " value", t.value);
    }
    for (const auto& o : a.operations) {
      add(all, "operation " + name + "." + o.name + " in", o.in);
      add(all, "operation " + name + "." + o.name + " out", o.out);
    }
  }
  for (const auto& [name, a] : app.activities()) {
    add(all, "activity " + name + " in", a.in);
    add(all, "activity " + name + " out", a.out);
  }
  for (const auto& [name, o] : app.orchestrations()) {
    add(all, "orchestration " + name + " in", o.in);
    add(all, "orchestration " + name + " out", o.out);
  }
  for (const auto& [name, e] : app.events()) add(all, "event " + name, e.type);
  return all;
}

// SchemaLoader refuses a node that is incompatible with the one it has; its text names the field.
result<> compatible(const std::string& was, const std::string& now) {
  const auto load = [](capnp::SchemaLoader& into, const std::string& bytes) {
    std::vector<capnp::word> words(bytes.size() / sizeof(capnp::word));
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(words.data()));
    capnp::FlatArrayMessageReader reader(kj::arrayPtr(words.data(), words.size()));
    into.load(reader.getRoot<capnp::schema::Node>());
  };
  try {
    capnp::SchemaLoader loader;
    load(loader, was);
    load(loader, now);
    return done;
  } catch (const kj::Exception& e) {
    std::string text = e.getDescription().cStr();
    for (auto where = e.getContext(); where != nullptr;) {  // which field of which type
      KJ_IF_MAYBE (context, where) {
        text += ", ";
        text += context->description.cStr();
        where = context->next.map(
            [](const kj::Own<kj::Exception::Context>& next) -> const kj::Exception::Context& {
              return *next;
            });
      }
    }
    return failure{cause::invalid, std::move(text), false};
  }
}

result<> unbound_names(const read_records& read, const kept& bound, schema_findings& found) {
  persistence::load_request page;
  page.first = keys::meta("type/");
  page.last = keys::meta("type0");  // the character after '/'
  for (;;) {
    const auto stored = read(page);
    if (stored.error) return store_failure(*stored.error);
    for (const auto& [key, value] : stored.entries)
      if (const auto name = keys::read_meta(key); name && !bound.contains(*name))
        found.unbound.push_back(name->substr(5));
    if (!next_page(page, stored)) return done;
  }
}

// Every stored value fits into a wider integer. But a table key has as many bytes as its type, so keys
// of another width are different keys.
bool is_wider(const std::string& name, const std::string& was, const std::string& now) {
  constexpr std::string_view of = "integer of ";
  const auto at = was.find(of);
  if (at == was.npos || (name.starts_with("type/table ") && name.ends_with(" key"))) return false;
  const auto digits = at + of.size();
  const auto bits_of = [digits](const std::string& type) {
    unsigned bits = 0;
    std::from_chars(type.data() + digits, type.data() + type.size(), bits);
    return bits;
  };
  return now.size() > digits && now.compare(0, digits, was, 0, digits) == 0 &&
         bits_of(now) > bits_of(was);
}

// Compares a name's bound type with the stored one; nullopt if the bound one can read the stored one.
std::optional<std::string> misfit(const std::string& name, const std::string& was,
                                  const std::string& now) {
  if (name.starts_with("type/") && is_wider(name, was, now)) return std::nullopt;
  if (name.starts_with("type/")) return name.substr(5) + ": stored as " + was + ", bound as " + now;
  if (const auto fits = compatible(was, now); !fits)
    return "a Cap'n Proto type has changed: " + fits.error().text;
  return std::nullopt;
}

failure refused(const std::vector<std::string>& misfits) {
  std::string all;
  for (const auto& one : misfits) (all += all.empty() ? "" : "; ") += one;
  return {cause::invalid,
          all + "; bind a new name for the new type, or run the program that wrote this folder",
          false};
}

}  // namespace

result<schema_findings> compare_schemas(const read_records& read, const bindings& app) {
  const auto bound = of(app);
  schema_findings found;
  if (auto listed = unbound_names(read, bound, found); !listed) return listed.error();
  persistence::load_request request;
  for (const auto& [name, value] : bound) request.keys.push_back(keys::meta(name));
  const auto stored = read(request);
  if (stored.error) return store_failure(*stored.error);
  if (!stored.corrupt.empty())
    return failure{cause::corrupt, "a stored schema is damaged; run store check", false};
  auto was = stored.values.begin();
  for (const auto& [name, now] : bound) {
    const auto& recorded = *was++;
    if (recorded && *recorded == now) continue;
    auto wrong = recorded ? misfit(name, *recorded, now) : std::nullopt;
    if (wrong)
      found.misfits.push_back(*std::move(wrong));
    else
      found.fresh.emplace(name, now);
  }
  return found;
}

result<> check_schemas(persistence::store& store, const bindings& app, const log_sink& log,
                       persistence::batch first) {
  auto found = compare_schemas([&](const auto& request) { return store.read(request); }, app);
  if (!found) return found.error();
  if (log)
    for (const auto& name : found->unbound)
      log({log_level::warning, "stored, and bound by nobody: " + name});
  if (!found->misfits.empty()) return refused(found->misfits);
  for (const auto& [name, value] : found->fresh) first.put(keys::meta(name), value);
  if (first.empty()) return done;
  if (const auto written = store.commit(store.durable() + 1, {&first, 1}); !written)
    return failure{cause::storage_full, written.error().text, true};
  return done;
}

}  // namespace reprise::runtime
