// A server as a command sees it: asks, and where the answer is not the one that was hoped for, says
// on stderr what happened and keeps the exit code that stands for it.

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

// A path and its query, encoded as they are put together.
class address {
 public:
  explicit address(std::string path) : text_(std::move(path)) {}
  address& segment(std::string_view);
  // Nothing is added for an empty value.
  address& parameter(std::string_view name, std::string_view value);
  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  bool has_query_ = false;
};

address native(std::string_view collection);             // /v1/...
address durable_functions(std::string_view collection);  // /runtime/webhooks/durabletask/...
// The same, with pages that are no larger than what is wanted of the list.
address native_list(std::string_view path, std::uint64_t limit);

// What the body of a good answer is when it comes from a server of ours: nothing, JSON, or an object
// with these members. Anything else comes from something that has the same address.
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

// What an answer may take unless the command line says otherwise.
inline constexpr std::chrono::seconds usual_time{30};

struct question {
  std::string method;
  address where;
  shape wanted;
  std::string body = {};
  std::string prefer = {};  // a preference (RFC 7240)
  // For its answer; 0: no limit. Not said: what the command line says, else the usual.
  std::optional<std::chrono::seconds> longest = {};
};

class remote {
 public:
  // `about`: what is asked for, as an error names it: "instance order-1".
  remote(const client_command&, std::string about);

  // The answer when its status is 2xx and it is one of ours. Else nothing, it was told why, and `code`
  // is how to exit.
  std::optional<client_answer> ask(question);
  int code() const noexcept { return code_; }

  // Prints a list of /v1 to its end, or `limit` entries of it (0: all); gives the exit code.
  // `name` is the member of a page that holds its entries.
  int print_list(const address&, std::string_view name, std::uint64_t limit, printer);

  // Walks such a list as long as `call` says true. Gives false when a page could not be had.
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
