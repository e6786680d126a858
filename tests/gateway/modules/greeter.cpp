// A module with an activity, an orchestration and an actor.

#include "gateway/module.hpp"

namespace {

constexpr reprise::activity<std::string, std::string> greet{"greet"};
constexpr reprise::orchestration<std::string, std::string> welcome{"welcome"};

reprise::result<std::string> run_greet(std::string who, reprise::attempt_context&) {
  if (who.empty()) return reprise::reject("nobody is there");
  return "Hello " + who;
}

reprise::task<std::string> run_welcome(reprise::value<std::string> who) {
  co_await reprise::log("somebody comes: " + std::string(*who));
  auto words = co_await greet(*who);
  co_return *words + "!";
}

void bind(reprise::application& app) { app.bind(greet, run_greet).bind(welcome, run_welcome); }

}  // namespace

REPRISE_MODULE(bind)
