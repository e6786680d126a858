// A server as a client command sees it: sends requests; on any answer but success it reports the error on
// stderr and keeps the exit code for it.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/cli/client_commands.hpp"
#include "gateway/cli/http_client.hpp"
#include "gateway/cli/printer.hpp"

namespace reprise::gateway {

// Builds a path and its query, percent-encoded.
class address {
 public:
  explicit address(std::string path) : text_(std::move(path)) {}
  address& segment(std::string_view);
  // Adds a parameter; nothing if the value is empty.
  address& parameter(std::string_view name, std::string_view value);
  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  bool has_query_ = false;
};

address native(std::string_view collection);             // /v1/...
address durable_functions(std::string_view collection);  // /runtime/webhooks/durabletask/...
// Like native(), with a page size that does not exceed `limit` (0: all).
address native_list(std::string_view path, std::uint64_t limit);

// The expected body of a successful answer: nothing, JSON, or an object with these members. Any other
// body is not from a Reprise server.
struct shape {
  enum class form : std::uint8_t { nothing, json, object };
  form is = form::nothing;
  std::vector<std::string_view> members = {};
};
inline shape no_body() { return {}; }
inline shape any_json() { return {shape::form::json}; }
inline shape object_with(std::vector<std::string_view> members) {
  return {shape::form::object, std::move(members)};
}

// The default timeout of an answer.
inline constexpr std::chrono::seconds usual_time{30};

// A request and its expected answer.
struct question {
  std::string method;
  address where;
  shape wanted;
  std::string body = {};
  std::string prefer = {};  // a preference (RFC 7240)
  // The timeout of the answer; 0: no limit. Nothing: --timeout, else usual_time.
  std::optional<std::chrono::seconds> longest = {};
};

class remote {
 public:
  // `about`: the subject of the requests in error messages, "instance order-1".
  remote(const client_command&, std::string about);

  // Sends a request. Returns the answer if its status is 2xx and its body has the expected shape; else
  // reports the error, sets code() and returns nothing.
  std::optional<client_answer> ask(question);
  int code() const noexcept { return code_; }

  // Prints all pages of a list of /v1, at most `limit` entries (0: all). `name`: the member of a page that
  // holds its entries. Returns the exit code.
  int print_list(const address&, std::string_view name, std::uint64_t limit, printer);

  // Calls `call` for each entry of such a list until it returns false. Returns false if a page could not
  // be read.
  bool each_entry(const address&, std::string_view name, const std::function<bool(std::string)>&);

 private:
  bool read_key();
  int refuse(const client_answer&, const address&) const;
  std::chrono::seconds longest(const question&) const;
  int stranger(const client_answer&, std::string_view what) const;

  const client_command& asked_;
  std::string about_;
  std::string key_;
  bool has_key_ = false;
  int code_ = 0;
};

}  // namespace reprise::gateway
