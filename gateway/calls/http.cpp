#include "gateway/calls/http.hpp"

#include <memory>
#include <string>
#include <utility>

#include "actors/moment.hpp"
#include "gateway/calls/limits.hpp"
#include "gateway/calls/sending/fields.hpp"
#include "gateway/calls/sending/retry_after.hpp"
#include "gateway/calls/sending/sender.hpp"

namespace reprise::http {

result<> bind(application& app, options o) {
  const pool where(o.pool);
  auto sender = internal::sender::open(std::move(o));
  if (!sender) return sender.error();
  app.bind(
      exchange,
      [sends = *std::move(sender)](Request::Reader asked, Response::Builder answer,
                                   attempt_context& here) -> result<> {
        return sends->run(asked, answer, here);
      },
      where);
  return done;
}

activity_call<Response> send(const request& what) {
  return exchange(what.message()).with(what.policy());
}

// All decisions here depend on responses in the history only, so replay repeats them.
task<Response> call(request what) {
  auto answer = co_await send(what);
  std::string location;
  for (unsigned polls = 0; what.polls() && answer->getStatus() == 202; ++polls) {
    const auto given = answer->getLocation();  // without a new one the last remains valid
    if (given.size() > 0) location.assign(given.begin(), given.size());
    if (location.empty()) break;
    if (polls == limits::polls)
      co_return failure{cause::timed_out,
                        location + " still answers 202 after " + std::to_string(limits::polls) +
                            " polls (http::limits::polls)",
                        false};
    const auto now = co_await reprise::now();
    const auto delay = internal::poll_delay(*answer, now);
    co_await reprise::sleep(delay);
    const auto next = what.poll_of(location);
    answer = co_await send(next);
  }
  co_return answer;
}

task<result<value<Response>>> attempt(request what) {
  try {
    auto answer = co_await call(std::move(what));
    co_return answer;
  } catch (const failed& f) {
    result<value<Response>> outcome = f.why();  // co_return of a failure would fail the task
    co_return outcome;
  }
}

std::string_view body_of(Response::Reader answer) {
  const auto text = answer.getBody();
  if (text.size() > 0) return {text.begin(), text.size()};
  const auto data = answer.getData();
  return {reinterpret_cast<const char*>(data.begin()), data.size()};
}

std::optional<std::string_view> field_of(Response::Reader answer, std::string_view name) {
  const auto wanted = internal::lower(name);
  for (const auto field : answer.getFields())
    if (field.getName() == wanted.c_str())
      return std::string_view(field.getValue().begin(), field.getValue().size());
  return std::nullopt;
}

}  // namespace reprise::http
