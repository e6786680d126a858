#include "examples/hello_cities/hello_cities.hpp"

#include "examples/ledger.hpp"

namespace examples::cities {
namespace {

reprise::result<std::string> greet(std::string city, reprise::attempt_context& here) {
  note("say_hello", here);
  return "Hello " + city + "!";
}

reprise::task<std::vector<std::string>> run_hello_cities(reprise::value<reprise::none>) {
  std::vector<std::string> greetings;
  for (std::string city : {"Tokyo", "Seattle", "London", "Amsterdam", "Mumbai"}) {
    auto greeting = co_await say_hello(city);  // durable: after a crash this one is not said again
    greetings.push_back(*greeting);
  }
  co_return greetings;
}

}  // namespace

void bind(reprise::application& app) {
  app.bind(say_hello, greet).bind(hello_cities, run_hello_cities);
}

}  // namespace examples::cities
