#include "gateway/wire/problem.hpp"

#include <cstdint>

#include "gateway/json/json_out.hpp"
#include "gateway/json/text.hpp"

namespace reprise::gateway {

namespace {

constexpr std::string_view problem_media = "application/problem+json";

// HEAD is served wherever GET is, and OPTIONS everywhere.
std::string allowed(std::string_view methods) {
  std::string all(methods);
  if (all.starts_with("GET")) all.insert(3, ", HEAD");
  return all += ", OPTIONS";
}

void ask_to_retry(http_response& answer) {
  if (answer.status == 503 || answer.status == 507) answer.fields.emplace_back("Retry-After", "1");
}

}  // namespace

unsigned status_of(const failure& f) noexcept {
  switch (f.why) {
    case cause::rejected:
      return 409;
    case cause::exists:
      return 409;
    case cause::nothing_undone:
      return 409;
    case cause::invalid:
      return 400;
    case cause::unbound:
      return 404;
    case cause::not_found:
      return 404;
    case cause::gone:
      return 410;
    case cause::precondition_failed:
      return 412;
    case cause::mismatch:
      return 422;
    case cause::limit:
      return 422;
    case cause::overloaded:
      return 503;
    case cause::unavailable:
      return 503;
    case cause::storage_full:
      return 507;
    case cause::timed_out:
      return 504;
    case cause::cancelled:
    case cause::terminated:
      return 409;
    case cause::failed:
    case cause::unknown_outcome:
    case cause::corrupt:
    case cause::poison:
    case cause::diverged:
      return 500;
  }
  return 500;
}

std::string_view title_of(unsigned status) noexcept {
  switch (status) {
    case 400:
      return "Bad request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not found";
    case 405:
      return "Method not allowed";
    case 408:
      return "Request timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition failed";
    case 413:
      return "Body too large";
    case 414:
      return "URL too long";
    case 415:
      return "Unsupported media type";
    case 417:
      return "Expectation failed";
    case 421:
      return "Misdirected request";
    case 422:
      return "Unprocessable";
    case 429:
      return "Too many requests";
    case 431:
      return "Header too large";
    case 501:
      return "Not implemented";
    case 503:
      return "Unavailable";
    case 504:
      return "Timed out";
    case 505:
      return "HTTP version not supported";
    case 507:
      return "Storage full";
    default:
      return "Internal error";
  }
}

std::string_view status_code(unsigned status) noexcept {
  switch (status) {
    case 405:
    case 501:
      return "method";
    case 408:
      return "too_slow";
    case 413:
      return "body_too_large";
    case 414:
      return "url_too_long";
    case 417:
      return "expectation";
    case 431:
      return "header_too_large";
    case 503:
      return "unavailable";
    case 505:
      return "version";
    default:
      return "malformed";
  }
}

http_response problem(unsigned status, std::string_view code, std::string_view detail) {
  http_response answer{status, std::string(problem_media), {}, {}};
  auto& out = answer.body;
  out += R"({"type":"urn:reprise:problem:)";
  out += code;
  out += R"(","title":)";
  append_quoted(out, title_of(status));
  out += R"(,"status":)";
  append_number(out, std::uint64_t{status});
  out += R"(,"detail":)";
  append_quoted(out, detail);
  out += R"(,"code":)";
  append_quoted(out, code);
  out += '}';
  ask_to_retry(answer);
  return answer;
}

http_response problem(const failure& f, std::string_view pointer) {
  auto answer = problem(f.why == cause::limit ? 413 : status_of(f), to_string(f.why), f.text);
  auto& out = answer.body;
  out.back() = ',';
  out += R"("errors":[{"pointer":)";
  append_quoted(out, pointer);
  out += R"(,"detail":)";
  append_quoted(out, f.text);
  out += "}]}";
  return answer;
}

http_response problem(const failure& f) { return problem(status_of(f), to_string(f.why), f.text); }

http_response options(std::string_view methods) {
  http_response answer{204, "", "", {}};
  answer.fields.emplace_back("Allow", allowed(methods));
  return answer;
}

http_response not_allowed(std::string_view methods) {
  const auto wanted = allowed(methods);
  auto refused = problem(405, "method", "only " + wanted + " is served here");
  refused.fields.emplace_back("Allow", wanted);
  return refused;
}

void add_trace(http_response& answer, std::string_view path, std::string_view trace_id) {
  if (answer.content_type != problem_media) return;
  auto& out = answer.body;
  out.back() = ',';
  out += R"("instance":)";
  append_quoted(out, path);
  out += R"(,"traceId":)";
  append_quoted(out, trace_id);
  out += '}';
}

http_response message(unsigned status, std::string_view text) {
  http_response answer{status, std::string(json_media), R"({"Message":)", {}};
  append_quoted(answer.body, text);
  answer.body += '}';
  ask_to_retry(answer);
  return answer;
}

http_response message(const failure& f) { return message(status_of(f), f.text); }

http_response bare_string(unsigned status, std::string_view text) {
  http_response answer{status, std::string(json_media), {}, {}};
  append_quoted(answer.body, text);
  return answer;
}

}  // namespace reprise::gateway
