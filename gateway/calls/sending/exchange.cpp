#include "gateway/calls/sending/exchange.hpp"

#include <curl/curl.h>
#include <sys/socket.h>

#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

#include "gateway/calls/limits.hpp"

namespace reprise::http::internal {
namespace {

// The state of one exchange for libcurl's callbacks.
struct transfer {
  const bounds& within;
  const std::stop_token& stop;
  answer got;
  std::size_t head_bytes = 0;
  bool head_too_long = false, body_too_long = false;
  bool opened = false;           // a socket to an allowed address was opened
  std::string refused_address;   // the first refused address
  std::string_view refused_why;  // a literal
};

curl_socket_t open_socket(void* context, curlsocktype, curl_sockaddr* address) {
  auto& here = *static_cast<transfer*>(context);
  const auto why = here.within.addresses->refusal(address->addr, address->addrlen);
  if (why) {
    if (here.refused_address.empty()) {
      here.refused_address = address_text(address->addr, address->addrlen);
      here.refused_why = *why;
    }
    return CURL_SOCKET_BAD;
  }
  here.opened = true;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::string_view trimmed(std::string_view text) {
  const auto white = " \t\r\n";
  const auto first = text.find_first_not_of(white);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(white) - first + 1);
}

std::size_t take_field(char* bytes, std::size_t, std::size_t size, void* context) {
  auto& here = *static_cast<transfer*>(context);
  const std::string_view line(bytes, size);
  here.head_bytes += size;
  if (here.head_bytes > limits::head) {
    here.head_too_long = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) {  // a new head, for example after an interim response (1xx)
    here.got.fields.clear();
    return size;
  }
  const auto colon = line.find(':');
  if (colon == line.npos || !is_token(line.substr(0, colon))) return size;
  here.got.fields.emplace_back(lower(line.substr(0, colon)),
                               std::string(trimmed(line.substr(colon + 1))));
  return size;
}

std::size_t take_body(char* bytes, std::size_t, std::size_t size, void* context) {
  auto& here = *static_cast<transfer*>(context);
  if (size > here.within.response_body - here.got.body.size()) {
    here.body_too_long = true;
    return 0;
  }
  here.got.body.append(bytes, size);
  return size;
}

int still_wanted(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<transfer*>(context)->stop.stop_requested() ? 1 : 0;
}

using handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using lines = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

lines field_lines(const question& asked) {
  lines made(nullptr, curl_slist_free_all);
  bool typed = false;
  const auto add = [&](const std::string& line) {
    auto* longer = curl_slist_append(made.get(), line.c_str());
    if (!longer) throw std::bad_alloc();
    static_cast<void>(made.release());
    made.reset(longer);
  };
  for (const auto& field : asked.fields) {
    typed = typed || lower(field.first) == "content-type";
    // To libcurl "Name:" means to remove a field, "Name;" to send it with an empty value.
    add(field.second.empty() ? field.first + ';' : field.first + ": " + field.second);
  }
  add("Expect:");
  if (!typed) add("Content-Type:");
  return made;
}

template <class Value>
void set(CURL* curl, CURLoption option, Value value) {
  if (curl_easy_setopt(curl, option, value) != CURLE_OK)
    throw std::runtime_error("this libcurl does not know an option that durable HTTP calls need");
}

void set_method(CURL* curl, const question& asked) {
  if (asked.method == "HEAD") return set(curl, CURLOPT_NOBODY, 1L);
  const bool expects_body =
      asked.method == "POST" || asked.method == "PUT" || asked.method == "PATCH";
  if (!asked.body.empty() || expects_body) {
    set(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(asked.body.size()));
    set(curl, CURLOPT_POSTFIELDS, asked.body.empty() ? "" : asked.body.data());
  }
  set(curl, CURLOPT_CUSTOMREQUEST, asked.method.c_str());
}

void set_bounds(CURL* curl, const target& where, const bounds& within) {
  set(curl, CURLOPT_PROTOCOLS_STR, where.secure() ? "https" : "http");
  set(curl, CURLOPT_FOLLOWLOCATION, 0L);
  // Ignore proxies in the environment: through a proxy the checked address would be the proxy's.
  set(curl, CURLOPT_PROXY, "");
  set(curl, CURLOPT_NOPROXY, "*");
  set(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(within.connect.count()));
  set(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(within.total.count()));
  set(curl, CURLOPT_NOSIGNAL, 1L);
  set(curl, CURLOPT_FORBID_REUSE, 1L);
  set(curl, CURLOPT_USERAGENT, "reprise");  // a default, because some servers refuse none
  set(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!within.ca_file.empty()) set(curl, CURLOPT_CAINFO, within.ca_file.c_str());
}

void set_callbacks(CURL* curl, transfer& here) {
  set(curl, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set(curl, CURLOPT_OPENSOCKETDATA, &here);
  set(curl, CURLOPT_HEADERFUNCTION, &take_field);
  set(curl, CURLOPT_HEADERDATA, &here);
  set(curl, CURLOPT_WRITEFUNCTION, &take_body);
  set(curl, CURLOPT_WRITEDATA, &here);
  set(curl, CURLOPT_NOPROGRESS, 0L);
  set(curl, CURLOPT_XFERINFOFUNCTION, &still_wanted);
  set(curl, CURLOPT_XFERINFODATA, &here);
}

// Returns the failure that explains why there is no response.
failure explained(const question& asked, const transfer& here, CURLcode rc, const char* detail) {
  const auto where = asked.where.origin();
  if (rc == CURLE_ABORTED_BY_CALLBACK)
    return {cause::cancelled, where + " was not asked to the end: nobody waits any more", false};
  if (!here.refused_address.empty() && !here.opened)
    return {cause::rejected,
            where + " is not asked: its address " + here.refused_address + " is " +
                std::string(here.refused_why) +
                "; if that is meant, let its range through (http::options::addresses)",
            false};
  if (here.body_too_long)
    return {cause::limit,
            where + " answered more than " + std::to_string(here.within.response_body) +
                " bytes; ask for less, or raise http::options::response_body",
            false};
  if (here.head_too_long)
    return {cause::limit,
            where + " answered with more than " + std::to_string(limits::head) +
                " bytes of fields (http::limits::head)",
            false};
  if (rc == CURLE_OPERATION_TIMEDOUT)
    return {cause::timed_out, where + " did not answer in time: " + detail, true};
  const std::string said = *detail ? detail : curl_easy_strerror(rc);
  return fail(where + " gave no answer: " + said);
}

}  // namespace

result<answer> exchanged(const question& asked, const bounds& within, const std::stop_token& stop) {
  transfer here{within, stop, {}, 0, false, false, false, {}, {}};
  char detail[CURL_ERROR_SIZE] = "";
  const auto fields = field_lines(asked);
  const handle curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) return fail("libcurl has no memory for a durable HTTP call");
  set(curl.get(), CURLOPT_ERRORBUFFER, detail);
  set(curl.get(), CURLOPT_CURLU, asked.where.handle());
  set(curl.get(), CURLOPT_HTTPHEADER, fields.get());
  set_method(curl.get(), asked);
  set_bounds(curl.get(), asked.where, within);
  set_callbacks(curl.get(), here);

  const auto rc = curl_easy_perform(curl.get());
  if (rc != CURLE_OK) return explained(asked, here, rc, detail);
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &here.got.status);
  return std::move(here.got);
}

}  // namespace reprise::http::internal
