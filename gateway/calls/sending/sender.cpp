#include "gateway/calls/sending/sender.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "gateway/calls/limits.hpp"
#include "gateway/calls/sending/fields.hpp"

namespace reprise::http::internal {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool same_origin(const target& a, const target& b) { return a.origin() == b.origin(); }

std::string string_of(capnp::Text::Reader text) { return {text.begin(), text.size()}; }

failure invalid(std::string text) { return {cause::invalid, std::move(text), false}; }
failure over(std::string what, std::size_t limit, std::string_view name) {
  what.append(" of a durable HTTP call is more than ").append(std::to_string(limit));
  what.append(" bytes or entries (").append(name).append(")");
  return {cause::limit, std::move(what), false};
}

result<> check_method(std::string_view method) {
  const bool letters =
      std::all_of(method.begin(), method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (method.empty() || method.size() > limits::method || !letters || method == "CONNECT" ||
      method == "TRACE")
    return invalid(
        "the method of a durable HTTP call is a word in capitals, not CONNECT, not TRACE");
  return done;
}

result<field_list> fields_of(Request::Reader asked) {
  if (asked.getFields().size() > limits::fields)
    return over("the number of fields", limits::fields, "http::limits::fields");
  field_list all;
  std::size_t bytes = 0;
  for (const auto field : asked.getFields()) {
    const auto name = string_of(field.getName()), value = string_of(field.getValue());
    if (auto checked = check_field(name, value); !checked) return checked.error();
    bytes += name.size() + value.size();
    all.emplace_back(name, value);
  }
  if (bytes > limits::head)
    return over("the size of the fields", limits::head, "http::limits::head");
  return all;
}

// Adds the trace of the activity unless the request has its own trace fields.
void add_trace(field_list& fields, const trace_fields& trace) {
  const bool said = std::any_of(fields.begin(), fields.end(), [](const auto& field) {
    const auto name = lower(field.first);
    return name == "traceparent" || name == "tracestate";
  });
  if (said || trace.traceparent.empty()) return;
  fields.emplace_back("traceparent", trace.traceparent);
  if (!trace.tracestate.empty()) fields.emplace_back("tracestate", trace.tracestate);
}

// Percent-encodes the characters of an id that some servers do not accept in a field.
std::string key_of(const std::string& id) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::string_view kept = "-._~@#";
  std::string key;
  for (const char c : id) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kept.find(c) != kept.npos;
    const auto byte = static_cast<unsigned char>(c);
    if (plain)
      key += c;
    else
      key.append({'%', digits[byte >> 4], digits[byte & 15]});
  }
  return key;
}

std::optional<std::string> first_of(const answer& got, std::string_view name) {
  for (const auto& field : got.fields)
    if (field.first == name) return field.second;
  return std::nullopt;
}

bool redirects(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// Changes the request to a GET if the redirect requires it (RFC 9110, 15.4).
void turn_to_get(question& next, long status) {
  const bool turns = status == 303 ? next.method != "HEAD" : status <= 302 && next.method == "POST";
  if (!turns) return;
  next.method = "GET";
  next.body = {};
  std::erase_if(next.fields,
                [](const auto& field) { return lower(field.first).starts_with("content-"); });
}

void fill(Response::Builder out, const answer& got, const target& from, const std::string& secret) {
  out.setStatus(static_cast<std::uint16_t>(got.status));
  out.setUrl(without(secret, from.url()));
  if (const auto location = first_of(got, "location"))
    if (const auto there = from.follow(*location)) out.setLocation(without(secret, there->url()));
  field_list kept;
  for (const auto& field : got.fields)  // without cookies: they are secrets and never sent back
    if (field.first != "set-cookie") kept.emplace_back(field.first, without(secret, field.second));
  auto fields = out.initFields(static_cast<unsigned>(kept.size()));
  for (unsigned i = 0; i < kept.size(); ++i) {
    fields[i].setName(kept[i].first);
    fields[i].setValue(is_text(kept[i].second) ? kept[i].second : std::string("?"));
  }
  const auto body = without(secret, got.body);
  if (is_text(body))
    out.setBody(body);
  else
    out.setData({reinterpret_cast<const capnp::byte*>(body.data()), body.size()});
}

}  // namespace

result<std::shared_ptr<const sender>> sender::open(options o) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  if (o.connect <= milliseconds(0) || o.total <= milliseconds(0))
    return invalid("http::options::connect and total must be longer than nothing");
  if (o.response_body == 0) return invalid("http::options::response_body must be more than 0");
  auto hosts = host_list::parse(o.hosts);
  if (!hosts) return hosts.error();
  auto addresses = address_rules::parse(o.addresses);
  if (!addresses) return addresses.error();
  auto tokens = secrets::open(o.tokens);
  if (!tokens) return tokens.error();
  auto made = std::make_shared<sender>();
  made->options_ = std::move(o);
  made->hosts_ = *std::move(hosts);
  made->addresses_ = *std::move(addresses);
  made->secrets_ = *std::move(tokens);
  return std::shared_ptr<const sender>(std::move(made));
}

result<> sender::check(const target& where) const {
  const auto refused = where.origin() + " is not asked: ";
  if (hosts_.empty())
    return reject(
        "durable HTTP calls are off: no host is allowed; name those that may be asked "
        "(http::options::hosts)");
  if (!where.secure() && options_.plain == plain_http::refused)
    return reject(refused + "plain http is off; use https, or allow it (http::options::plain)");
  if (!hosts_.contains(where))
    return reject(refused +
                  "this host and port are not among those that may be "
                  "(http::options::hosts)");
  return done;
}

result<sender::journey> sender::begin(Request::Reader asked, const attempt_context& here) const {
  const std::string method = asked.hasMethod() ? string_of(asked.getMethod()) : "GET";
  if (auto checked = check_method(method); !checked) return checked.error();
  auto where = target::parse(string_of(asked.getUrl()));
  if (!where) return where.error();
  auto origin = asked.hasOrigin() ? target::parse(string_of(asked.getOrigin())) : *where;
  if (!origin) return origin.error();
  auto fields = fields_of(asked);
  if (!fields) return fields.error();
  if (asked.getIdempotencyKey()) fields->emplace_back("Idempotency-Key", key_of(here.id()));
  add_trace(*fields, here.trace());
  if (asked.getBody().size() > 0 && asked.getData().size() > 0)
    return invalid("a durable HTTP call has one body, text or data");
  std::string_view body(asked.getBody().begin(), asked.getBody().size());
  if (body.empty())
    body = {reinterpret_cast<const char*>(asked.getData().begin()), asked.getData().size()};
  if (body.size() > options_.request_body)
    return over("the body", options_.request_body, "http::options::request_body");
  auto total = options_.total;
  if (const auto own = asked.getTimeoutMilliseconds(); own > 0)
    total = std::min(total, milliseconds(own));
  return journey{question{method, *std::move(where), *std::move(fields), body}, *std::move(origin),
                 string_of(asked.getToken()), "", steady_clock::now() + total};
}

result<field_list> sender::fields_for(journey& on_the_way) const {
  const auto& next = on_the_way.next;
  field_list fields;
  const bool at_home = same_origin(next.where, on_the_way.origin);
  for (const auto& field : next.fields)
    if (at_home || crosses_origins(field.first)) fields.push_back(field);
  if (!at_home || on_the_way.token.empty()) return fields;
  auto token = secrets_.read(on_the_way.token, next.where);
  if (!token) return token.error();
  std::erase_if(fields,
                [&](const auto& field) { return lower(field.first) == lower(token->field); });
  fields.emplace_back(token->field, token->value);
  on_the_way.secret = std::move(token->secret);
  return fields;
}

result<answer> sender::ask(journey& on_the_way, const attempt_context& here) const {
  if (auto allowed = check(on_the_way.next.where); !allowed) return allowed.error();
  auto fields = fields_for(on_the_way);
  if (!fields) return fields.error();
  const auto left = std::chrono::ceil<milliseconds>(on_the_way.deadline - steady_clock::now());
  if (left <= milliseconds(0))
    return failure{cause::timed_out,
                   on_the_way.next.where.origin() + " was not asked: redirects took all the time",
                   true};
  question now = on_the_way.next;
  now.fields = *std::move(fields);
  const bounds within{&addresses_, options_.response_body, std::min(options_.connect, left), left,
                      options_.ca_file};
  auto got = exchanged(now, within, here.stop());
  if (!got) {
    auto why = got.error();
    why.text = without(on_the_way.secret, std::move(why.text));
    return why;
  }
  return got;
}

result<> sender::run(Request::Reader asked, Response::Builder out,
                     const attempt_context& here) const {
  auto on_the_way = begin(asked, here);
  if (!on_the_way) return on_the_way.error();
  for (unsigned hops = 0;; ++hops) {
    auto& next = on_the_way->next;
    const auto got = ask(*on_the_way, here);
    if (!got) return got.error();
    const auto location = first_of(*got, "location");
    if (!redirects(got->status) || !location) {
      for (const auto status : asked.getRetryStatuses())
        if (status == got->status)
          return fail(next.where.origin() + " answered " + std::to_string(status));
      fill(out, *got, next.where, on_the_way->secret);
      return done;
    }
    if (hops == limits::redirects)
      return reject(next.where.origin() + " redirects once more after " +
                    std::to_string(limits::redirects) + " redirects (http::limits::redirects)");
    auto there = next.where.follow(*location);
    if (!there)
      return reject(next.where.origin() +
                    " redirects to where durable HTTP calls do not go: " + there.error().text);
    turn_to_get(next, got->status);
    next.where = *std::move(there);
  }
}

}  // namespace reprise::http::internal
