#include "runtime/internal/schema_check.hpp"

#include <capnp/message.h>
#include <capnp/schema-loader.h>
#include <capnp/schema.capnp.h>
#include <capnp/serialize.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "persistence/keys.hpp"

namespace reprise::runtime {
namespace {

namespace keys = persistence::keys;

// What is kept: "type/stock state" -> "shop.capnp:Stock"'s kind and id, "node/<id>" -> a schema
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
      return "integer";
    case payload_kind::unsigned_integer:
      return "unsigned integer";
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

kept of(const application& app) {
  kept all;
  for (const auto& [name, a] : app.actors()) {
    add(all, "actor " + name + " state", a.state);
    for (const auto& t : a.tables) all.emplace("type/table " + name + "." + t, "table");
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

// SchemaLoader refuses a node that cannot stand beside the one it has; its words name the field.
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
    for (auto where = e.getContext(); where != nullptr;) {  // which field, in whose comparison
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

failure refused(const std::string& what, const std::string& why) {
  return {cause::invalid,
          what + ": " + why +
              "; bind a new name for the new type, or run the program "
              "that wrote this folder",
          false};
}

void report_unbound(persistence::store& store, const kept& bound, const log_sink& log) {
  if (!log) return;
  persistence::load_request page;
  page.first = keys::meta("type/");
  page.last = keys::meta("type0");  // the character after '/'
  const auto stored = store.read(page);
  for (const auto& [key, value] : stored.entries)
    if (const auto name = keys::read_meta(key); name && !bound.contains(*name))
      log({log_level::warning, "stored, and bound by nobody: " + name->substr(5)});
}

}  // namespace

result<> check_schemas(persistence::store& store, const application& app, const log_sink& log) {
  const auto bound = of(app);
  report_unbound(store, bound, log);
  persistence::load_request request;
  std::vector<std::string> names;
  for (const auto& [name, value] : bound) {
    names.push_back(name);
    request.keys.push_back(keys::meta(name));
  }
  const auto stored = store.read(request);
  if (stored.error) return failure{cause::corrupt, stored.error->text, false};
  if (!stored.corrupt.empty())
    return failure{cause::corrupt, "a stored schema is damaged; run store check", false};
  persistence::batch fresh;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& now = bound.at(names[i]);
    const auto& was = stored.values[i];
    if (was && *was == now) continue;
    if (was && names[i].starts_with("type/"))
      return refused(names[i].substr(5), "stored as " + *was + ", bound as " + now);
    if (was)
      if (const auto fits = compatible(*was, now); !fits)
        return refused("a Cap'n Proto type has changed", fits.error().text);
    fresh.put(keys::meta(names[i]), now);
  }
  if (fresh.empty()) return done;
  if (const auto written = store.commit(store.durable() + 1, {&fresh, 1}); !written)
    return failure{cause::storage_full, written.error().text, true};
  return done;
}

}  // namespace reprise::runtime
