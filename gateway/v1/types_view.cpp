#include "actors/limits.hpp"
#include "gateway/json/json_writer.hpp"
#include "gateway/json/type_schema.hpp"
#include "gateway/v1/contract_view.hpp"

namespace reprise::gateway {

namespace {

class types_view {
 public:
  types_view(std::string& out, const bindings& app) : app_(app), view_(out) {}

  void write() {
    actors();
    orchestrations();
    activities();
    events();
    object_writer definitions(view_.member("$defs"));
    schemas_.define(definitions);
  }

 private:
  void actors() {
    array_writer all(view_.member("actors"));
    for (const auto& [type, actor] : app_.actors()) {
      object_writer object(all.element());
      object.text("type", type);
      schemas_.append_nullable(object.member("state"), *actor.state);
      {
        array_writer tables(object.member("tables"));
        for (const auto& table : actor.tables) tables.text(table.name);
      }
      array_writer operations(object.member("operations"));
      for (const auto& one : actor.operations) {
        object_writer operation(operations.element());
        operation.text("name", one.name);
        values(operation, *one.in, *one.out);
        operation.flag("read_only", one.read_only);
        operation.flag("transient", one.transient);
      }
    }
  }

  void orchestrations() {
    array_writer all(view_.member("orchestrations"));
    for (const auto& [name, bound] : app_.orchestrations()) {
      const orchestration_name parts(name);
      object_writer object(all.element());
      object.text("name", parts.base);
      object.number("version", parts.version);
      values(object, *bound.in, *bound.out);
    }
  }

  void activities() {
    array_writer all(view_.member("activities"));
    for (const auto& [name, bound] : app_.activities()) {
      object_writer object(all.element());
      object.text("name", name);
      object.text("pool", bound.pool);
      object.flag("speculative", bound.speculative);
      values(object, *bound.in, *bound.out);
    }
  }

  void events() {
    array_writer all(view_.member("events"));
    for (const auto& [name, bound] : app_.events()) {
      object_writer object(all.element());
      object.text("name", name);
      schemas_.append(object.member("value"), *bound.type, direction::in);
    }
  }

  void values(object_writer& to, const payload_type& in, const payload_type& out) {
    schemas_.append(to.member("input"), in, direction::in);
    schemas_.append(to.member("output"), out, direction::out);
  }

  const bindings& app_;
  type_schemas schemas_{"#/$defs/"};
  object_writer view_;  // closes the object in its destructor
};

}  // namespace

void show_types(const shared_request& e) {
  http_response answer{200, "application/json", {}, {}};
  types_view(answer.body, e->on.bound()).write();
  e->answer(std::move(answer));
}

}  // namespace reprise::gateway
