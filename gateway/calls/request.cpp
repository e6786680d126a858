#include "gateway/calls/request.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

#include "gateway/calls/sending/fields.hpp"

namespace reprise::http {
namespace {

[[noreturn]] void refuse(std::string text) {
  throw failed({cause::invalid, std::move(text), false});
}

// Returns whether the authority of a URL contains a user, as in "https://user:password@host/".
bool has_user(std::string_view url) {
  const auto scheme = url.find("//");
  if (scheme == url.npos) return false;
  const auto rest = url.substr(scheme + 2);
  return rest.substr(0, rest.find_first_of("/?#")).find('@') != rest.npos;
}

}  // namespace

request::request(std::string method, std::string url)
    : method_(std::move(method)), url_(std::move(url)) {
  if (has_user(url_))
    refuse(
        "the URL of a durable HTTP call has a user, which would stand in the history; name a "
        "token (http::request::token)");
}

request& request::header(std::string name, std::string value) {
  if (auto checked = internal::check_field(name, value); !checked) throw failed(checked.error());
  fields_.emplace_back(std::move(name), std::move(value));
  return *this;
}

request& request::body(std::string bytes) {
  body_ = std::move(bytes);
  return *this;
}

request& request::json(std::string text) {
  header("Content-Type", "application/json");
  return body(std::move(text));
}

request& request::token(std::string name) {
  token_ = std::move(name);
  return *this;
}

request& request::idempotency_key() {
  idempotency_key_ = true;
  return *this;
}

request& request::timeout(std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds longest(std::numeric_limits<std::uint32_t>::max());
  timeout_ = std::clamp(limit, std::chrono::milliseconds(1), longest);
  return *this;
}

request& request::with(retry policy) {
  policy_ = policy;
  return *this;
}

request& request::retry_on(std::uint16_t status) {
  retry_statuses_.push_back(status);
  return *this;
}

request& request::poll(polling choice) {
  polling_ = choice;
  return *this;
}

request request::poll_of(std::string location) const {
  request next("GET", std::move(location));
  std::copy_if(
      fields_.begin(), fields_.end(), std::back_inserter(next.fields_),
      [](const auto& field) { return !internal::lower(field.first).starts_with("content-"); });
  next.origin_ = url_;
  next.token_ = token_;
  next.retry_statuses_ = retry_statuses_;
  next.timeout_ = timeout_;
  next.policy_ = policy_;
  return next;
}

value<Request> request::message() const {
  return make<Request>([&](auto to) {
    to.setMethod(method_);
    to.setUrl(url_);
    auto fields = to.initFields(static_cast<unsigned>(fields_.size()));
    for (unsigned i = 0; i < fields_.size(); ++i) {
      fields[i].setName(fields_[i].first);
      fields[i].setValue(fields_[i].second);
    }
    if (internal::is_text(body_))
      to.setBody(body_);
    else
      to.setData({reinterpret_cast<const capnp::byte*>(body_.data()), body_.size()});
    to.setToken(token_);
    to.setTimeoutMilliseconds(static_cast<std::uint32_t>(timeout_.count()));
    auto statuses = to.initRetryStatuses(static_cast<unsigned>(retry_statuses_.size()));
    for (unsigned i = 0; i < retry_statuses_.size(); ++i) statuses.set(i, retry_statuses_[i]);
    to.setIdempotencyKey(idempotency_key_);
    if (!origin_.empty()) to.setOrigin(origin_);
  });
}

}  // namespace reprise::http
