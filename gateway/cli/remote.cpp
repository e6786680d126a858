#include "gateway/cli/remote.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "gateway/cli/commands.hpp"
#include "gateway/cli/console.hpp"
#include "gateway/json/json_in.hpp"
#include "gateway/json/json_parts.hpp"
#include "gateway/json/text.hpp"

namespace reprise::gateway {

namespace {

// Returns the error text of a body: a problem of /v1, or a message of Durable Functions.
std::string told(const std::string& body) {
  if (const auto detail = json_member(body, "detail"); !detail.empty()) return detail;
  auto text = json_member(body, "Message");
  if (const auto more = json_member(body, "ExceptionMessage"); !more.empty()) text += ": " + more;
  if (text.empty() && body.starts_with('"')) text = json_member("{\"text\":" + body + "}", "text");
  return text;
}

std::string media_of(const client_answer& answer) {
  return answer.content_type.empty() ? "bytes of no type" : printed_plainly(answer.content_type);
}

// Describes why a successful answer does not have the expected body; "" if it has.
std::string misfit(const client_answer& answer, const shape& wanted) {
  if (wanted.is == shape::form::nothing)
    return answer.body.empty() ? "" : "with " + media_of(answer);
  if (!is_json_media(answer.content_type)) return "with " + media_of(answer);
  if (!is_json(answer.body)) return "with what is no JSON";
  for (const auto member : wanted.members)
    if (json_part(answer.body, member).empty())
      return "with JSON that has no \"" + std::string(member) + "\"";
  return {};
}

bool is_key_text(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

address& address::segment(std::string_view text) {
  text_ += '/';
  append_percent(text_, text);
  return *this;
}

address& address::parameter(std::string_view name, std::string_view value) {
  if (value.empty()) return *this;
  text_ += has_query_ ? '&' : '?';
  has_query_ = true;
  text_.append(name).append("=");
  append_percent(text_, value);
  return *this;
}

address native(std::string_view collection) { return address("/v1/" + std::string(collection)); }

address durable_functions(std::string_view collection) {
  return address("/runtime/webhooks/durabletask/" + std::string(collection));
}

address native_list(std::string_view path, std::uint64_t limit) {
  constexpr std::uint64_t largest_page = 1'000;
  const auto size = limit == 0 ? largest_page : std::min(limit, largest_page);
  return native(path).parameter("limit", std::to_string(size));
}

remote::remote(const client_command& asked, std::string about)
    : asked_(asked), about_(std::move(about)) {}

bool remote::read_key() {
  if (has_key_) return true;
  has_key_ = true;
  if (!asked_.key_file.empty()) {
    std::ifstream file(asked_.key_file);
    if (!std::getline(file, key_) || !is_key_text(key_)) {
      code_ = complain("no key can be read from " + asked_.key_file +
                           ": its first line must be the key and nothing else",
                       exit_usage);
      return false;
    }
  } else if (const char* key = std::getenv("REPRISE_KEY"); key != nullptr && *key != '\0') {
    key_ = key;
    if (!is_key_text(key_)) {
      code_ = complain("REPRISE_KEY holds no key: it has blanks or control characters", exit_usage);
      return false;
    }
  }
  return true;
}

// Returns the timeout of a request. With --wait, --timeout limits the wait instead.
std::chrono::seconds remote::longest(const question& asked) const {
  if (asked.longest) return *asked.longest;
  return asked_.timeout && !asked_.wait ? std::chrono::seconds(*asked_.timeout) : usual_time;
}

std::optional<client_answer> remote::ask(question asked) {
  if (!read_key()) return std::nullopt;
  client_request request{.server = asked_.server,
                         .method = std::move(asked.method),
                         .target = asked.where.text(),
                         .body = std::move(asked.body),
                         .key = key_,
                         .tls = asked_.tls,
                         .longest = longest(asked)};
  if (!asked_.once.empty()) request.more.emplace_back("Idempotency-Key", asked_.once);
  if (!asked.prefer.empty()) request.more.emplace_back("Prefer", std::move(asked.prefer));
  auto answer = send(request);
  if (!answer) {
    const auto& f = answer.error();
    code_ = complain(f.text, f.why == cause::invalid ? exit_usage : exit_unavailable);
    return std::nullopt;
  }
  if (answer->status < 200 || answer->status >= 300) {
    code_ = refuse(*answer, asked.where);
    return std::nullopt;
  }
  if (const auto what = misfit(*answer, asked.wanted); !what.empty()) {
    code_ = stranger(*answer, what);
    return std::nullopt;
  }
  return std::move(*answer);
}

int remote::stranger(const client_answer& answer, std::string_view what) const {
  auto text = "what answers at " + asked_.server +
              " is no server of Reprise, or something between " +
              "answers for it: " + std::to_string(answer.status);
  text.append(" ").append(what).append(" to ").append(about_);
  return complain(text.append("; --server names another one"), exit_unavailable);
}

int remote::refuse(const client_answer& answer, const address& where) const {
  const bool is_json = is_json_media(answer.content_type);
  auto text = is_json ? told(answer.body) : std::string();
  const auto say = [&](const std::string& otherwise, int code) {
    return complain(text.empty() ? otherwise : text, code);
  };
  const auto word = is_json ? json_member(answer.body, "code") : std::string();
  if (word == "unknown_outcome") return complain(text, exit_unknown_outcome);
  if (word == "rejected") return complain(text, exit_failed);
  if (answer.status == 401 && !text.empty()) text += " (--key-file FILE, or REPRISE_KEY)";
  switch (answer.status) {
    case 401:
    case 403:
      return say("the server wants a key, or another one: --key-file or REPRISE_KEY",
                 exit_not_allowed);
    case 429:
    case 503:
    case 507:
      return say("the server is overloaded; try again", exit_unavailable);
  }
  const bool is_bare = answer.body.empty() && answer.content_type.empty();
  // On the Durable Functions routes 404 and 410 have no body.
  const bool may_be_bare = is_bare && where.text().starts_with("/runtime/") &&
                           (answer.status == 404 || answer.status == 410);
  if (!answer.location.empty() && answer.status / 100 == 3)
    return stranger(answer, "with a redirection to " + printed_plainly(answer.location));
  if (text.empty() && !may_be_bare)
    return stranger(answer, is_bare ? "without a word" : "with " + media_of(answer));
  switch (answer.status) {
    case 404:
      // All commands report a missing instance with the same text; otherwise the server's text is better.
      if (word == "not_found" && about_.starts_with("instance ")) text.clear();
      return say("there is no " + about_, exit_not_found);
    case 409:
    case 412:
      return say("the " + about_ + " is not in a state for this", exit_conflict);
    case 410:
      return say("the " + about_ + " has ended", exit_conflict);
    default:
      return say("the server answered " + std::to_string(answer.status), exit_failed);
  }
}

bool remote::each_entry(const address& list, std::string_view name,
                        const std::function<bool(std::string)>& call) {
  std::string cursor;
  do {
    auto where = list;
    const auto page = ask({"GET", where.parameter("cursor", cursor), object_with({name, "next"})});
    if (!page) return false;
    for (auto& entry : json_elements(json_part(page->body, name)))
      if (!call(std::move(entry))) return true;
    cursor = plain_member(page->body, "next");
  } while (!cursor.empty());
  return true;
}

int remote::print_list(const address& list, std::string_view name, std::uint64_t limit,
                       printer out) {
  const bool read = each_entry(list, name, [&](std::string entry) {
    out.add(std::move(entry));
    return limit == 0 || --limit > 0;
  });
  if (!read && out.empty()) return code_;
  const int printed = out.end();
  return read ? printed : code_;
}

}  // namespace reprise::gateway
