#include "actors/application.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "actors/orchestration/orchestration_run.hpp"
#include "tests/actors/shop.hpp"

using reprise::activity;
using reprise::none;
using reprise::payload;
using reprise::result;
using reprise::value;
using shop::Ask;
using shop::Grant;

namespace {
constexpr activity<Ask, Grant> structs{"structs"};
constexpr activity<Ask, std::uint32_t> measures{"measures"};
constexpr activity<std::uint32_t, Grant> builds{"builds"};
constexpr activity<none, none> nothing{"nothing"};
constexpr activity<std::string, std::string> text{"text"};
constexpr activity<none, std::string> id{"id"};

reprise::attempt_context here("order-7@1.2#3", 2);

template <class In, class Out, class F, class... Input>
payload performed(const activity<In, Out>& what, F f, Input&&... input) {
  reprise::application app;
  app.bind(what, f);
  auto call = what(std::forward<Input>(input)...);
  auto got = app.find_activity(what.name())->code->run(call.what().input, here);
  BOOST_TEST_REQUIRE(static_cast<bool>(got));
  return *got;
}
void fill(Ask::Builder ask) { ask.setQuantity(4); }
std::uint32_t quantity(const payload& bytes) {
  value<Grant> grant(bytes);
  return grant->getQuantity();
}

result<> free_function(Ask::Reader ask, Grant::Builder grant) {
  grant.setQuantity(ask.getQuantity());
  return reprise::done;
}
reprise::task<std::string> plain_body(std::string name) { co_return "hello " + name; }

std::string why(const std::function<void()>& bind) {
  try {
    bind();
  } catch (const std::logic_error& e) {
    return e.what();
  }
  return "nothing thrown";
}

struct two_states {
  reprise::state<shop::Stock> a;
  reprise::state<shop::Stock> b;
  result<> reserve(Ask::Reader, Grant::Builder) { return reprise::done; }
};
struct other_state {
  reprise::state<Ask> a;
  result<> reserve(Ask::Reader, Grant::Builder) { return reprise::done; }
};
struct no_state {
  result<> reserve(Ask::Reader, Grant::Builder) { return reprise::done; }
};
#ifdef __clang__  // which lets it through; g++ refuses it while compiling
struct capital_table {
  reprise::state<shop::Stock> a;
  reprise::table<std::string, none> b{"Lines"};
  result<> reserve(Ask::Reader, Grant::Builder) { return reprise::done; }
};
#endif
struct two_tables {
  reprise::state<shop::Stock> a;
  reprise::table<std::string, none> b{"lines"};
  reprise::table<std::string, none> c{"lines"};
  result<> reserve(Ask::Reader, Grant::Builder) { return reprise::done; }
};
}  // namespace

BOOST_AUTO_TEST_SUITE(applications)

BOOST_AUTO_TEST_CASE(every_form_of_function_can_be_bound) {
  BOOST_TEST(quantity(performed(structs, free_function, fill)) == 4u);
  BOOST_TEST(quantity(performed(
                 structs,
                 [](value<Ask> ask) -> result<value<Grant>> {
                   return reprise::make<Grant>(
                       [&](auto out) { out.setQuantity(ask->getQuantity() + 1); });
                 },
                 fill)) == 5u);
  BOOST_TEST(
      quantity(performed(
          structs,
          [](const value<Ask>& ask, Grant::Builder out, reprise::attempt_context& at) -> result<> {
            out.setQuantity(ask->getQuantity() + at.attempt());
            return reprise::done;
          },
          fill)) == 6u);
  auto size = performed(
      measures, [](Ask::Reader ask) -> result<std::uint32_t> { return ask.getQuantity(); }, fill);
  BOOST_TEST(**reprise::codec<std::uint32_t>::decode(size) == 4u);
  BOOST_TEST(quantity(performed(
                 builds,
                 [](std::uint32_t n, Grant::Builder out) -> result<> {
                   out.setQuantity(n);
                   return reprise::done;
                 },
                 9u)) == 9u);
  BOOST_TEST(performed(nothing, []() -> result<> { return reprise::done; }).empty());
  BOOST_TEST(performed(
                 text, [](const std::string& s) -> result<std::string> { return s + "!"; }, "x")
                 .bytes() == "x!");
  BOOST_TEST(performed(
                 text,
                 [](std::string s) -> result<value<std::string>> { return value<std::string>(s); },
                 "x")
                 .bytes() == "x");
  BOOST_TEST(performed(id, [](const reprise::attempt_context& at) -> result<std::string> {
               return at.id();
             }).bytes() == "order-7@1.2#3");
}

BOOST_AUTO_TEST_CASE(an_exception_from_an_activity_is_a_retryable_failure) {
  reprise::application app;
  app.bind(text, [](std::string s) -> result<std::string> {
    if (s == "kj") KJ_FAIL_REQUIRE("bad", s.c_str());
    if (s == "own") throw reprise::failed(reprise::reject("own"));
    throw std::runtime_error("no luck");
  });
  auto run = [&](const char* how) {
    return app.find_activity("text")->code->run(payload(how), here).error();
  };
  BOOST_TEST((run("x") == reprise::fail("no luck")));
  BOOST_TEST((run("own") == reprise::reject("own")));
  BOOST_TEST(run("kj").retryable);
  BOOST_TEST(run("kj").text.find("stack") == std::string::npos);
  BOOST_TEST((app.find_activity("text")->code->run(payload(), here).error().why ==
              reprise::cause::failed));
}

BOOST_AUTO_TEST_CASE(activities_have_pools) {
  reprise::application app;
  auto f = []() -> result<> { return reprise::done; };
  constexpr activity<none, none> a{"a"}, b{"b"}, c{"c"};
  app.bind(a, f).bind(b, f, reprise::pool("gpu")).bind(c, f, reprise::speculative);
  BOOST_TEST(app.find_activity("a")->pool == "io");
  BOOST_TEST(app.find_activity("b")->pool == "gpu");
  BOOST_TEST(app.find_activity("c")->pool == "cpu");
  BOOST_TEST(app.find_activity("c")->speculative);
  BOOST_TEST((app.find_activity("d") == nullptr));
  BOOST_TEST(app.activities().size() == 3u);
}

BOOST_AUTO_TEST_CASE(an_orchestrator_of_a_plain_input_takes_it_as_it_is) {
  reprise::application app;
  constexpr reprise::orchestration<std::string, std::string> greet{"greet"};
  app.bind(greet, plain_body);
  reprise::internal::orchestration_run run(*app.find_orchestration("greet"), "x", {1, 1});
  reprise::history_event started;
  started.kind = reprise::event_kind::started;
  started.value = greet("you").what().input;
  run.feed(started);
  BOOST_TEST(run.take_steps().back().value.bytes() == "hello you");
}

BOOST_AUTO_TEST_CASE(an_input_that_does_not_fit_fails_the_orchestration) {
  reprise::application app;
  app.bind(shop::checkout, shop::run_checkout);
  reprise::internal::orchestration_run run(*app.find_orchestration("checkout"), "x", {1, 1});
  reprise::history_event started;
  started.kind = reprise::event_kind::started;
  started.value = payload("no order");
  run.feed(started);
  BOOST_TEST(run.finished());
  BOOST_TEST((run.take_steps().back().error->why == reprise::cause::invalid));
}

BOOST_AUTO_TEST_CASE(event_names_are_found_in_any_case) {
  reprise::application app;
  app.bind(shop::verdict);
  BOOST_TEST((app.find_event("Verdict") == app.find_event("verdict")));
  BOOST_TEST((app.find_event("Verdict") != nullptr));
  BOOST_TEST((app.find_event("other") == nullptr));
}

BOOST_AUTO_TEST_CASE(an_invalid_binding_is_refused_with_its_name_and_the_reason) {
  reprise::application app;
  app.bind(shop::reserve, &shop::shelf::reserve).bind(shop::charge, shop::charge_card);
  app.bind(shop::checkout, shop::run_checkout).bind(shop::verdict);
  using shop::reserve;
  BOOST_TEST(why([&] { app.bind(reserve, &shop::shelf::reserve); }) ==
             "operation 'stock reserve' is bound twice");
  BOOST_TEST(why([&] { app.bind(shop::release, &no_state::reserve); }) ==
             "actor 'stock' is bound to two structs");
  BOOST_TEST(why([&] { app.bind(shop::charge, shop::charge_card); }) ==
             "activity 'charge' is bound twice");
  BOOST_TEST(why([&] { app.bind(shop::checkout, shop::run_checkout); }) ==
             "orchestration 'checkout' is bound twice");
  BOOST_TEST(why([&] { app.bind(shop::verdict); }) == "event 'verdict' is bound twice");
  auto fresh = [](auto member) {
    return why([&] { reprise::application().bind(reserve, member); });
  };
  BOOST_TEST(fresh(&two_states::reserve) ==
             "actor 'stock' has two state members; an actor has one");
  BOOST_TEST(fresh(&other_state::reserve).find("its contract says") != std::string::npos);
  BOOST_TEST(fresh(&no_state::reserve).find("has no state member") != std::string::npos);
#ifdef __clang__
  BOOST_TEST(fresh(&capital_table::reserve) == "actor 'stock' has a table named 'Lines'");
#endif
  BOOST_TEST(fresh(&two_tables::reserve) == "actor 'stock' has two tables named 'lines'");
}

BOOST_AUTO_TEST_SUITE_END()
