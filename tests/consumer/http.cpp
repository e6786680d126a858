// Durable HTTP calls in a program that allows none: they are refused, and nothing is sent.

#include <iostream>

#include <reprise/http.hpp>
#include <reprise/testing.hpp>

namespace {

inline constexpr reprise::orchestration<std::string, reprise::http::Response> fetch{"fetch"};

reprise::task<reprise::http::Response> run_fetch(std::string url) {
  auto answer = co_await reprise::http::call(reprise::http::get(url));
  co_return answer;
}

}  // namespace

int main() {
  reprise::application app;
  if (!reprise::http::bind(app, {})) return 1;
  app.bind(fetch, run_fetch);
  reprise::testing::world w(std::move(app));
  const auto answer = w.ask(fetch(std::string("https://example.com/")));
  std::cout << (answer ? "answered" : answer.error().text) << '\n';
}
