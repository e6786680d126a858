#include "gateway/observe/otlp_json.hpp"

#include "gateway/json/json_writer.hpp"

namespace reprise::gateway {

namespace {

void append_attribute(std::string& out, std::string_view name,
                      const std::variant<std::string, std::int64_t>& value) {
  object_writer attribute(out);
  attribute.text("key", name);
  object_writer given(attribute.member("value"));
  if (const auto* text = std::get_if<std::string>(&value))
    given.text("stringValue", *text);
  else
    given.text("intValue", std::to_string(std::get<std::int64_t>(value)));
}

void append_moment(object_writer& to, std::string_view name, time_point at) {
  to.text(name, std::to_string(at.time_since_epoch().count()));
}

void append_span(std::string& out, const reprise::span& one) {
  constexpr std::uint64_t error = 2;
  object_writer to(out);
  to.text("traceId", trace_id_text(one.at));
  to.text("spanId", span_id_text(one.at.span));
  if (one.at.state) to.text("traceState", *one.at.state);
  if (one.parent != 0) to.text("parentSpanId", span_id_text(one.parent));
  to.text("name", one.name);
  to.number("kind", static_cast<std::uint64_t>(one.kind));
  append_moment(to, "startTimeUnixNano", one.began);
  append_moment(to, "endTimeUnixNano", one.ended);
  {
    array_writer tags(to.member("attributes"));
    for (const auto& tag : one.tags) append_attribute(tags.element(), tag.name, tag.value);
  }
  object_writer status(to.member("status"));
  if (one.error.empty()) return;
  status.number("code", error);
  status.text("message", one.error);
}

}  // namespace

std::string otlp_json(std::span<const reprise::span> spans, std::string_view service) {
  std::string out;
  out.reserve(256 + 512 * spans.size());
  {
    object_writer all(out);
    array_writer resources(all.member("resourceSpans"));
    object_writer of(resources.element());
    {
      object_writer resource(of.member("resource"));
      array_writer attributes(resource.member("attributes"));
      append_attribute(attributes.element(), "service.name", std::string(service));
    }
    array_writer scopes(of.member("scopeSpans"));
    object_writer scope(scopes.element());
    object_writer(scope.member("scope")).text("name", "reprise");
    array_writer list(scope.member("spans"));
    for (const auto& one : spans) append_span(list.element(), one);
  }
  return out;
}

}  // namespace reprise::gateway
