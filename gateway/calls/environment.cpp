#include <cstdlib>
#include <string_view>
#include <utility>

#include "gateway/calls/options.hpp"

namespace reprise::http {
namespace {

std::string_view variable(const char* name) {
  const char* text = std::getenv(name);
  return text ? text : "";
}

std::vector<std::string> parts(std::string_view text, char between) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const auto end = text.find(between);
    if (end > 0) all.emplace_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return all;
}

// Parses NAME=FILE@HOST[@HOST...].
result<token> token_of(const std::string& text) {
  const auto equals = text.find('=');
  auto places = parts(equals == text.npos ? "" : std::string_view(text).substr(equals + 1), '@');
  if (places.size() < 2)
    return failure{cause::invalid,
                   "REPRISE_HTTP_TOKENS has an entry that is not NAME=FILE@HOST[@HOST...]", false};
  token made;
  made.name = text.substr(0, equals);
  made.file = std::move(places.front());
  made.hosts.assign(places.begin() + 1, places.end());
  return made;
}

}  // namespace

result<options> options_of_environment() {
  options made;
  made.hosts = parts(variable("REPRISE_HTTP_ALLOW"), ',');
  made.addresses = parts(variable("REPRISE_HTTP_ADDRESSES"), ',');
  made.ca_file = variable("REPRISE_HTTP_CA_FILE");
  const auto plain = variable("REPRISE_HTTP_PLAIN");
  if (plain == "1") made.plain = plain_http::allowed;
  if (!plain.empty() && plain != "0" && plain != "1")
    return failure{cause::invalid, "REPRISE_HTTP_PLAIN is 0 or 1", false};
  for (const auto& text : parts(variable("REPRISE_HTTP_TOKENS"), ',')) {
    auto one = token_of(text);
    if (!one) return one.error();
    made.tokens.push_back(*std::move(one));
  }
  return made;
}

}  // namespace reprise::http
