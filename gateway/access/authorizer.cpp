#include "gateway/access/authorizer.hpp"

#include <functional>
#include <string>
#include <utility>

#include "actors/limits.hpp"
#include "gateway/access/jwt.hpp"
#include "gateway/access/url_signer.hpp"
#include "gateway/json/text.hpp"

namespace reprise::gateway {

namespace {

constexpr std::size_t bucket_count = 4096;

// `challenge`: parameters added to WWW-Authenticate (RFC 6750).
http_response unauthorized(const surface& on, const std::string& text, std::string_view challenge) {
  auto answer = on.refusal(401, "unauthorized", text);
  answer.fields.emplace_back("WWW-Authenticate",
                             "Bearer realm=\"reprise\"" + std::string(challenge));
  return answer;
}

struct presented {
  std::optional<std::string_view> secret;
  bool malformed = false;
};

presented secret_of(const http_request& request, const target& where, const surface& on) {
  constexpr std::string_view scheme = "bearer ";
  if (request.has_credential == credential_field::authorization) {
    std::string_view value = request.credential;
    if (!same_ignoring_case(value.substr(0, scheme.size()), scheme)) return {std::nullopt, true};
    value.remove_prefix(value.find_first_not_of(' ', scheme.size()));
    return {value, false};  // never empty: field values are trimmed
  }
  if (request.has_credential == credential_field::functions_key)
    return {request.credential, request.credential.empty()};
  if (!on.takes_code) return {};
  const auto* code = where.find("code");
  if (code == nullptr || code->empty()) return {};
  return {*code, false};
}

http_response too_many(const surface& on, const principal& who, std::size_t rate,
                       rate_limiter::wait until) {
  auto answer = on.refusal(429, "rate",
                           who.name + " sends more than " + std::to_string(rate) +
                               " requests a second; nothing was done, try again later");
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(until);
  answer.fields.emplace_back("Retry-After", std::to_string(seconds.count()));
  return answer;
}

}  // namespace

http_response lacks_scope(const principal& who, const route_kind& kind, std::string_view type) {
  // The type comes from a path and may contain anything: only a valid name may go into a header field.
  const auto wanted = text_of({kind.needs, is_name(type) ? std::string(type) : std::string()});
  auto answer = kind.on->refusal(403, "scope", who.name + " lacks the scope " + wanted);
  answer.fields.emplace_back(
      "WWW-Authenticate",
      "Bearer realm=\"reprise\", error=\"insufficient_scope\", scope=\"" + wanted + '"');
  return answer;
}

http_response bad_url(const surface& on, const std::string& text) {
  return unauthorized(on, text, ", error=\"invalid_token\"");
}

authorizer::authorizer(known_credentials known, const limits& allowed)
    : rate_(allowed.rate), known_(std::move(known)), buckets_(new rate_limiter[bucket_count]) {}

void authorizer::replace(known_credentials next) {
  const std::lock_guard hold(mutex_);
  std::swap(known_, next);
}

known_credentials authorizer::known() const {
  const std::lock_guard hold(mutex_);
  return known_;
}

rate_limiter& authorizer::limiter_of(const principal& who) const {
  return buckets_[std::hash<std::string>()(who.name) % bucket_count];
}

std::string authorizer::code_for(std::string_view id, time_point created,
                                 const std::optional<signed_url>& by) const {
  const auto urls = known().urls;
  if (urls == nullptr) return {};
  return urls->code_for(id, created, by ? by->until : urls->expiry(url_signer::clock::now()));
}

// Authenticates by a signed URL, which grants all scopes that the URLs of its instance need.
admission authorizer::by_url(std::string_view code, const url_signer& urls,
                             const route_kind& kind) const {
  const auto refused = [&](const std::string& text) {
    return admission{nullptr, bad_url(*kind.on, text), false};
  };
  if (!kind.is_instance)
    return refused("a signed URL opens the instance that it names, nothing else");
  const auto found = urls.check(code, kind.id, url_signer::clock::now());
  switch (found.what) {
    case url_signer::finding::expired:
      return refused("this URL has expired: ask with a key");
    case url_signer::finding::forged:
      return refused("this URL was not signed here for this instance");
    case url_signer::finding::good:
      break;
  }
  auto holder = std::make_shared<principal>();
  holder->name = "url:" + url_signer::name_of(code);
  for (const auto what : {scope::read, scope::signal, scope::manage})
    holder->grants.push_back({what, {}});
  return {std::move(holder), std::nullopt, false, signed_url{found.created, found.until}};
}

admission authorizer::who_asks(const http_request& request, const target& where,
                               const route_kind& kind) const {
  const auto [keys, tokens, urls] = known();
  const auto refused = [](http_response answer) {
    return admission{nullptr, std::move(answer), false};
  };
  const auto given = secret_of(request, where, *kind.on);
  if (given.malformed)
    return refused(unauthorized(*kind.on,
                                "the credential is no key: send Authorization: Bearer KEY",
                                ", error=\"invalid_request\""));
  if (given.secret && urls != nullptr && kind.on->takes_code &&
      url_signer::looks_like_one(*given.secret))
    return by_url(*given.secret, *urls, kind);
  if (given.secret && tokens != nullptr && token_keys::looks_like_one(*given.secret)) {
    auto who = tokens->verify(*given.secret, token_keys::clock::now());
    if (who) return {std::move(*who), std::nullopt, false};
    return refused(unauthorized(*kind.on, who.error().text, ", error=\"invalid_token\""));
  }
  const std::string_view certificate =
      request.from != nullptr ? std::string_view(request.from->certificate) : "";
  const principal* who = nullptr;
  if (keys != nullptr)
    who = given.secret ? keys->with_key(*given.secret) : keys->with_certificate(certificate);
  if (who != nullptr) return {std::shared_ptr<const principal>(keys, who), std::nullopt, false};
  if (given.secret)
    return refused(
        unauthorized(*kind.on, "this key is not known here", ", error=\"invalid_token\""));
  if (certificate.empty())
    return refused(unauthorized(*kind.on, "say who asks: send Authorization: Bearer KEY", ""));
  return refused(kind.on->refusal(
      403, "scope",
      "no line of the keys file names the certificate of " + std::string(certificate)));
}

admission authorizer::admit(const http_request& request, const target& where,
                            const route_kind& kind) const {
  auto in = who_asks(request, where, kind);
  if (in.refusal) return in;
  const auto& who = *in.who;
  if (rate_ != 0)
    if (const auto until = limiter_of(who).take(rate_limiter::clock::now(), rate_);
        until.count() > 0)
      in.refusal = too_many(*kind.on, who, rate_, until);
  if (in.refusal || who.may(kind.needs, kind.type)) return in;
  in.depends_on_instance = kind.is_instance && who.may_somewhere(kind.needs);
  if (!in.depends_on_instance) in.refusal = lacks_scope(who, kind, kind.type);
  return in;
}

}  // namespace reprise::gateway
