#include "gateway/calls/sending/secrets.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "gateway/calls/limits.hpp"
#include "gateway/calls/sending/fields.hpp"
#include "gateway/calls/sending/target.hpp"

namespace reprise::http::internal {
namespace {

failure of_token(cause why, std::string_view name, std::string_view what) {
  std::string text = "the token \"";
  text.append(name).append("\" of durable HTTP calls ").append(what);
  return {why, std::move(text), false};
}

std::optional<std::string> content_of(const token& what) {
  if (!what.variable.empty()) {
    const char* text = std::getenv(what.variable.c_str());
    if (!text) return std::nullopt;
    return std::string(text);
  }
  std::ifstream file(what.file, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(limits::secret + 3, '\0');  // with a line end; detects a longer file
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

result<secrets> secrets::open(const std::vector<token>& tokens) {
  secrets made;
  for (const auto& what : tokens) {
    if (!is_token(what.name)) return of_token(cause::invalid, what.name, "has a name that is none");
    if (std::any_of(made.entries_.begin(), made.entries_.end(),
                    [&](const entry& other) { return other.what.name == what.name; }))
      return of_token(cause::invalid, what.name, "is there twice");
    if (what.file.empty() == what.variable.empty())
      return of_token(cause::invalid, what.name, "needs a file or a variable, one of the two");
    if (!is_token(what.field) || !is_field_value(what.scheme))
      return of_token(cause::invalid, what.name, "has a field or scheme that is none");
    auto hosts = host_list::parse(what.hosts);
    if (!hosts) return hosts.error();
    if (hosts->empty())
      return of_token(cause::invalid, what.name, "has no host that it may be sent to");
    made.entries_.push_back({what, *std::move(hosts)});
  }
  return made;
}

result<credential> secrets::read(std::string_view name, const target& where) const {
  const auto at = std::find_if(entries_.begin(), entries_.end(),
                               [&](const entry& one) { return one.what.name == name; });
  if (at == entries_.end())
    return of_token(cause::rejected, name, "is not configured (http::options::tokens)");
  if (!at->hosts.contains(where))
    return of_token(cause::rejected, name,
                    "is not for " + where.origin() + "; its hosts are named with it");
  auto text = content_of(at->what);
  if (!text)
    return of_token(cause::rejected, name, "cannot be read: its file or variable is not there");
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r' || text->back() == ' '))
    text->pop_back();
  if (text->size() < limits::least_secret || text->size() > limits::secret)
    return of_token(cause::rejected, name, "is too short or too long to be a secret");
  if (!is_field_value(*text))
    return of_token(cause::rejected, name, "has control characters in it");
  credential made;
  made.field = at->what.field;
  made.value = at->what.scheme.empty() ? *text : at->what.scheme + ' ' + *text;
  made.secret = *std::move(text);
  return made;
}

std::string without(std::string_view secret, std::string text) {
  constexpr std::string_view mark = "***";
  if (secret.empty()) return text;
  for (auto at = text.find(secret); at != text.npos; at = text.find(secret, at + mark.size()))
    text.replace(at, secret.size(), mark);
  return text;
}

}  // namespace reprise::http::internal
