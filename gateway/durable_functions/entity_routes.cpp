#include "gateway/durable_functions/entity_routes.hpp"

#include "actors/fresh_key.hpp"
#include "gateway/access/idempotency_key.hpp"
#include "gateway/api/operation_request.hpp"
#include "gateway/durable_functions/continuation.hpp"
#include "gateway/durable_functions/instance_list.hpp"
#include "gateway/json/json_in.hpp"
#include "gateway/json/json_out.hpp"
#include "gateway/json/sdk_value.hpp"
#include "gateway/json/text.hpp"
#include "gateway/json/time_text.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

// Returns whether the operation itself failed, which the sender of a signal does not get to know.
bool is_of_the_operation(const failure& f) {
  return f.why == cause::rejected || f.why == cause::failed;
}

void answer_signalled(const request_context& e, const failure* f) {
  if (f != nullptr && !is_of_the_operation(*f)) return e.answer(message(*f));
  e.answer({202, "", "", {}});
}

// Reads the input of a signal: JSON, or any other text as a string.
result<payload> signal_input(const http_request& request, const payload_type& type) {
  if (request.body.empty() || is_json_media(request.content_type))
    return read_sdk_value(type, request.body);
  std::string quoted;
  append_quoted(quoted, request.body);
  return read_json(type, quoted);
}

void erase(const shared_request& e, const std::string& type, const std::string& key) {
  auto once = once_of(e->request);
  if (!once) return e->answer(message(once.error()));
  e->on.actors().erase({type, key}, *std::move(once), [e](result<> gone) {
    answer_signalled(*e, gone ? nullptr : &gone.error());
  });
}

void signal(const shared_request& e, const bound_actor& actor, const std::string& key,
            const std::string& name) {
  const auto* operation = actor.find(name);
  if (operation == nullptr && name == "delete") return erase(e, actor.type, key);
  if (operation == nullptr)
    return e->answer(
        message(400, "No operation '" + name + "' is bound to entities of type " + actor.type));
  auto once = once_of(e->request);
  if (!once) return e->answer(message(once.error()));
  auto input = signal_input(e->request, *operation->in);
  if (!input) {
    const auto& why = input.error();
    return e->answer(
        message(why.why == cause::limit ? 413 : 400, "Could not parse JSON content: " + why.text));
  }
  e->on.perform(
      operation_on(actor, key, name, std::move(*input)), std::move(*once),
      [e](result<payload> turned) { answer_signalled(*e, turned ? nullptr : &turned.error()); });
}

void append_state(std::string& out, const payload_type* type, const payload& state) {
  if (type == nullptr || !append_json(out, *type, state.bytes())) out += "null";
}

void show(const shared_request& e, const std::string& type, const std::string& key) {
  const auto* actor = e->on.bound().find_actor(type);
  if (actor == nullptr) return e->answer({404, "", "", {}});
  e->on.actors().state({type, key}, [e, state = actor->state](result<actor_status> found) {
    if (!found && found.error().why == cause::not_found) return e->answer({404, "", "", {}});
    if (!found) return e->answer(message(found.error()));
    http_response answer{200, std::string(json_media), {}, {}};
    append_state(answer.body, state, found->state);
    e->answer(std::move(answer));
  });
}

// Collects one page of the entities of all types, or of one. The place in a cursor is TYPE/KEY of the
// last entity.
class entity_list : public std::enable_shared_from_this<entity_list> {
 public:
  entity_list(shared_request e, std::string only, wanted_page page)
      : e_(std::move(e)), only_(std::move(only)), page_(std::move(page)) {
    const auto time = [&](std::string_view name, time_point otherwise) {
      const auto* text = e_->where.find(name);
      return text != nullptr ? read_time(*text).value_or(otherwise) : otherwise;
    };
    from_ = time("lastoperationtimefrom", time_point::min());
    to_ = last_shown_as(time("lastoperationtimeto", time_point::max()), precision::ticks);
    with_state_ = e_->where.flag("fetchstate", false);
  }

  void begin() {
    const auto slash = page_.after.find('/');
    const bool whole = slash != std::string::npos && is_name(page_.after.substr(0, slash)) &&
                       is_key(page_.after.substr(slash + 1));
    if (!page_.after.empty() && !whole) return e_->answer(message(strange_token()));
    if (page_.after.empty()) return next_type(e_->on.bound().actors().begin(), "");
    const auto& types = e_->on.bound().actors();
    const auto at = types.lower_bound(page_.after.substr(0, slash));
    const bool same = at != types.end() && at->first == page_.after.substr(0, slash);
    next_type(at, same ? page_.after.substr(slash + 1) : "");
  }

 private:
  using type_iterator = bindings::table_of<bound_actor>::const_iterator;

  void next_type(type_iterator at, std::string after) {
    const auto end = e_->on.bound().actors().end();
    while (at != end && !only_.empty() && at->first != only_) {
      ++at;
      after.clear();
    }
    if (at == end) return answer("");
    e_->on.actors().list({at->first, ""}, {std::move(after), page_.top - count_},
                         [self = shared_from_this(), at](result<actor_page> found) {
                           if (!found) return self->e_->answer(message(found.error()));
                           self->take(at, *found);
                         });
  }

  void take(type_iterator at, const actor_page& found) {
    for (const auto& one : found.actors) {
      if (one.status.updated >= from_ && one.status.updated <= to_) add(at->second, one);
      if (body_.size() <= max_page_bytes) continue;
      return answer(at->first + '/' + one.key);
    }
    // A short page is sent as it is: its token tells the client that there is more.
    if (!found.next.empty()) return answer(at->first + '/' + found.next);
    if (count_ == page_.top && !found.actors.empty())
      return answer(at->first + '/' + found.actors.back().key);
    next_type(std::next(at), "");
  }

  void add(const bound_actor& actor, const listed_actor& one) {
    if (count_++ > 0) body_ += ',';
    body_ += R"({"entityId":{"name":)";
    append_quoted(body_, actor.type);
    body_ += R"(,"key":)";
    append_quoted(body_, one.key);
    body_ += R"(},"lastOperationTime":")";
    append_time(body_, one.status.updated, precision::ticks);
    body_ += R"(","state":)";
    append_state(body_, with_state_ ? actor.state : nullptr, one.status.state);
    body_ += '}';
  }

  void answer(const std::string& place) {
    e_->answer(page_answer(body_, cursor_of(cursor_kind::entities, place)));
  }

  const shared_request e_;
  const std::string only_;
  const wanted_page page_;
  time_point from_, to_;
  bool with_state_ = false;
  std::size_t count_ = 0;
  std::string body_;
};

void list(const shared_request& e, const std::string& only) {
  auto page = page_of(*e, cursor_kind::entities);
  if (!page) return e->answer(message(page.error()));
  std::make_shared<entity_list>(e, only, std::move(*page))->begin();
}

}  // namespace

void serve_entities(const shared_request& e) {
  const auto& path = e->where.segments;  // runtime, webhooks, durabletask, entities, name, key
  const auto& method = e->request.method;
  const auto name = path.size() > 4 ? lower(path[4]) : "";
  if (path.size() < 6 && method == "GET") return list(e, name);
  if (path.size() != 6 || (method != "GET" && method != "POST" && method != "DELETE"))
    return e->answer({404, "", "", {}});
  const auto& key = path[5];
  if (!is_key(key))
    return e->answer(
        message(400, "The entity key is not allowed: " + std::string(what_keys_are) + "."));
  if (method == "GET") return show(e, name, key);
  const auto* actor = e->on.bound().find_actor(name);
  if (actor == nullptr)
    return e->answer(message(400, "The function '" + name +
                                      "' doesn't exist, is disabled, or is not an entity "
                                      "function."));
  const auto* op = e->where.find("op");
  signal(e, *actor, key, method == "DELETE" ? "delete" : op != nullptr ? lower(*op) : "");
}

void purge_entity(const shared_request& e, const std::string& id) {
  const auto at = id.find('@', 1);
  const auto type = lower(std::string_view(id).substr(1, at == std::string::npos ? at : at - 1));
  const auto key = at == std::string::npos ? "" : id.substr(at + 1);
  if (e->on.bound().find_actor(type) == nullptr || !is_key(key))
    return e->answer({200, std::string(json_media), R"({"instancesDeleted":0})", {}});
  e->on.actors().state({type, key}, [e, type, key](result<actor_status> found) {
    if (!found && found.error().why == cause::not_found)
      return e->answer({200, std::string(json_media), R"({"instancesDeleted":0})", {}});
    e->on.actors().erase({type, key}, {}, [e](result<> gone) {
      if (!gone) return e->answer(message(gone.error()));
      e->answer({200, std::string(json_media), R"({"instancesDeleted":1})", {}});
    });
  });
}

}  // namespace reprise::gateway
