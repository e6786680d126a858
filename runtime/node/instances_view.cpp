#include <xxhash.h>

#include <utility>

#include "runtime/instances.hpp"
#include "runtime/node/engine.hpp"
#include "runtime/node/outside_calls.hpp"
#include "runtime/query/instance_reader.hpp"
#include "runtime/query/listing.hpp"
#include "runtime/query/why.hpp"

namespace reprise {

watch_token instances_view::wait(std::string id, when<instance_status> told) const {
  return watch_token(runtime::wait_for_end(*engine_, std::move(id), std::move(told)));
}

watch_token instances_view::watch(std::function<void(const std::string&)> tell) const {
  auto& changes = engine_->changes;
  return watch_token([&changes, number = changes.add(std::move(tell))] { changes.remove(number); });
}

void instances_view::status(std::string id, with_history how, when<instance_status> told) const {
  if (!is_key(id)) return told(runtime::bad_key(id));
  runtime::load_status(engine_->services, std::move(id), how, std::move(told));
}

void instances_view::list(instance_filter which, page_request page,
                          when<instance_page> told) const {
  if (auto strange = runtime::no_place(which.prefix, page.cursor)) return told(*std::move(strange));
  runtime::list_instances(*engine_, std::move(which), std::move(page.cursor), page.at_most,
                          std::move(told));
}

void instances_view::why(std::string id, when<instance_waits> told) const {
  if (!is_key(id)) return told(runtime::bad_key(id));
  runtime::explain(engine_->services, std::move(id), std::move(told));
}

void instances_view::raise(request event, ask_options o, when<void> told) const {
  if (event.kind != request_kind::event)
    return told(failure{cause::invalid,
                        "\"" + event.name + "\" is no event: make it with event<T>::to or event_to",
                        false});
  runtime::steer(*engine_, std::move(event.key),
                 runtime::raised_body{std::move(event.name), std::move(event.input)}, o,
                 std::move(told));
}

void instances_view::terminate(std::string id, terminate_options how, ask_options o,
                               when<void> told) const {
  runtime::steer(*engine_, std::move(id),
                 runtime::terminate_body{std::move(how.reason), how.which == children::included}, o,
                 std::move(told));
}
void instances_view::suspend(std::string id, std::string reason, ask_options o,
                             when<void> told) const {
  runtime::steer(*engine_, std::move(id), runtime::suspend_body{std::move(reason)}, o,
                 std::move(told));
}
void instances_view::resume(std::string id, std::string reason, ask_options o,
                            when<void> told) const {
  runtime::steer(*engine_, std::move(id), runtime::resume_body{std::move(reason)}, o,
                 std::move(told));
}
void instances_view::rewind(std::string id, std::string reason, ask_options o,
                            when<void> told) const {
  runtime::steer(*engine_, std::move(id), runtime::rewind_body{std::move(reason)}, o,
                 std::move(told));
}
void instances_view::purge(std::string id, purge_options how, ask_options o,
                           when<void> told) const {
  runtime::steer(*engine_, std::move(id), runtime::purge_body{how.which == children::included}, o,
                 std::move(told));
}

void instances_view::restart(std::string id, std::string new_id, ask_options o,
                             when<std::string> told) const {
  if (!is_key(id)) return told(runtime::bad_key(id));
  if (new_id.empty()) new_id = runtime::unnamed_id(*engine_, o, "restart", id);
  // The key is recorded under the new id, so the old id becomes part of the request's hash.
  if (o.once && new_id != id)
    o.once->body = XXH3_64bits_withSeed(id.data(), id.size(), o.once->body);
  runtime::send_from_outside(*engine_, {address_kind::instance, "", std::move(new_id)},
                             runtime::restart_body{std::move(id)}, o,
                             runtime::with_id(std::move(told)));
}

}  // namespace reprise
