// A server as a command sees it: asks, and where the answer is not the one that was hoped for, says
// on stderr what happened and keeps the exit code that stands for it.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/internal/client_commands.hpp"
#include "gateway/internal/http_client.hpp"
#include "gateway/internal/printer.hpp"

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

// Is a 404 a refusal, or an answer as good as any?
enum class absence : std::uint8_t { is_refused, is_fine };

class remote {
 public:
  // `about`: what is asked for, as an error names it: "instance order-1".
  remote(const client_command&, std::string about);

  // The answer when its status is 2xx. Else nothing, it was told why, and `code` is how to exit.
  std::optional<client_answer> ask(std::string method, const address&, std::string body = {},
                                   absence = absence::is_refused);
  int code() const noexcept { return code_; }

  // Prints a list of /v1 to its end, or `limit` entries of it (0: all); gives the exit code.
  // `name` is the member of a page that holds its entries.
  int print_list(const address&, std::string_view name, std::uint64_t limit, printer);

  // Walks such a list as long as `call` says true. Gives false when a page could not be had.
  bool each_entry(const address&, std::string_view name, const std::function<bool(std::string)>&);

 private:
  bool read_key();
  int refuse(const client_answer&) const;

  const client_command& asked_;
  std::string about_;
  std::string key_;
  bool has_key_ = false;
  int code_ = 0;
};

// "reprise: TEXT" on stderr; gives the code.
int complain(std::string_view text, int code);

}  // namespace reprise::gateway
