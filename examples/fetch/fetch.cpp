#include "examples/fetch/fetch.hpp"

#include <chrono>
#include <stdexcept>

namespace examples::fetch {
namespace {

using namespace std::chrono_literals;
namespace http = reprise::http;

reprise::task<http::Response> run_fetch(std::string url) {
  const reprise::retry policy{.attempts = 5, .first = 1s, .max = 30s};
  auto answer = co_await http::call(http::get(url).timeout(20s).retry_on(503).with(policy));
  co_return answer;
}

}  // namespace

void bind(reprise::application& app) {
  const auto options = http::options_of_environment();
  if (!options) throw std::runtime_error(options.error().text);
  if (auto bound = http::bind(app, *options); !bound) throw std::runtime_error(bound.error().text);
  app.bind(fetch, run_fetch);
}

}  // namespace examples::fetch
