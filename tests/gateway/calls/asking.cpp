#include "tests/gateway/calls/asking.hpp"

#include <stdexcept>
#include <utility>

#include "runtime/world.hpp"

namespace reprise::http_test {
namespace {

std::function<http::request()> what_to_ask;

task<http::Response> run_ask() {
  auto answer = co_await http::call(what_to_ask());
  co_return answer;
}

task<http::Response> run_ask_once() {
  auto answer = co_await http::send(what_to_ask());
  co_return answer;
}

task<std::string> run_try_to() {
  auto answer = co_await http::attempt(what_to_ask());
  if (!answer) co_return answer.error().text;
  co_return std::to_string((*answer)->getStatus());
}

}  // namespace

void ask_for(std::function<http::request()> what) { what_to_ask = std::move(what); }

http::options of_this_machine() {
  http::options o;
  o.hosts = {"*:*"};
  o.addresses = {"127.0.0.0/8", "::1"};
  o.plain = http::plain_http::allowed;
  return o;
}

application bound(http::options o) {
  application app;
  if (auto added = http::bind(app, std::move(o)); !added)
    throw std::runtime_error(added.error().text);
  app.bind(ask, run_ask).bind(ask_once, run_ask_once).bind(try_to, run_try_to);
  return app;
}

result<value<http::Response>> answer_to(const http::request& what, http::options o) {
  ask_for([what] { return what; });
  testing::world w(bound(std::move(o)));
  return w.ask(ask());
}

failure refusal_of(const http::request& what, http::options o) {
  auto answer = answer_to(what, std::move(o));
  if (answer) return {cause::failed, "answered " + std::to_string((*answer)->getStatus()), true};
  return answer.error();
}

}  // namespace reprise::http_test
