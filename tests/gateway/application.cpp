#include "tests/gateway/application.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "tests/gateway/everything.capnp.h"

namespace reprise::gateway_test {

namespace {

using namespace std::chrono_literals;

inline constexpr actor<Stock> stock{"stock"};
inline constexpr operation<Stock, Ask, Stock> put{stock, "put"};
inline constexpr operation<Stock, Ask, Stock> take{stock, "take"};
inline constexpr operation<Stock, none, Stock> look{stock, "look"};
inline constexpr operation<Stock, none, none> forget{stock, "forget"};
inline constexpr operation<Stock, none, none> note{stock, "note"};  // in its table
inline constexpr operation<Stock, none, none> explode{stock, "explode"};
inline constexpr operation<Stock, json, json> same{stock, "same"};

inline constexpr operation<Stock, std::string, none> detonate{stock, "detonate"};

inline constexpr actor<std::int64_t> meter{"meter"};
inline constexpr operation<std::int64_t, none, none> mark{meter, "mark"};  // in its table

inline constexpr actor<std::int64_t> cup{"cup"};
inline constexpr operation<std::int64_t, std::int64_t, none> pour{cup, "pour"};
inline constexpr operation<std::int64_t, none, none> smash{cup, "delete"};  // leaves shards

inline constexpr activity<std::string, std::string> shout{"shout"};
inline constexpr event<Point> decision{"decision"};
inline constexpr event<none> go{"go"};
inline constexpr orchestration<json, json> echo{"echo"};
inline constexpr orchestration<Everything, Everything> mirror{"mirror"};
inline constexpr orchestration<none, std::string> approve{"approve"};
inline constexpr orchestration<std::string, std::string> doomed{"doomed"};
inline constexpr orchestration<std::string, std::string> tour{"tour"};
inline constexpr orchestration<std::string, none> hold{"hold"};
inline constexpr orchestration<std::string, std::string> fatal{"fatal"};

struct shelf {
  state<Stock> held;
  table<std::string, std::string> notes{"notes"};

  result<> put(Ask::Reader ask, Stock::Builder out) {
    held.edit().setLeft(held->getLeft() + ask.getQuantity());
    out.setQuantity(ask.getQuantity());
    out.setLeft(held->getLeft());
    return done;
  }
  result<> take(Ask::Reader ask, Stock::Builder out) {
    if (ask.getQuantity() > held->getLeft()) return reject("out of stock");
    held.edit().setLeft(held->getLeft() - ask.getQuantity());
    out.setLeft(held->getLeft());
    return done;
  }
  result<> look(none, Stock::Builder out) const {
    out.setLeft(held->getLeft());
    return done;
  }
  result<none> forget(none, turn& here) {
    here.erase();
    return none();
  }
  result<none> note(none) {
    notes.put("seen", "yes");
    return none();
  }
  result<none> explode(none) { throw std::runtime_error("the shelf broke"); }
  result<json> same(json value) { return value; }
  // As long as there is such a file.
  result<none> detonate(std::string file) {
    if (std::filesystem::exists(file)) std::abort();
    held.edit().setLeft(1);
    return none();
  }
};

struct dial {
  state<std::int64_t> held;
  table<std::string, std::string> marks{"marks"};

  result<none> mark(none) {
    marks.put("seen", "yes");
    return none();
  }
};

struct mug {
  state<std::int64_t> held;

  result<none> pour(std::int64_t n) {
    held.edit() += n;
    return none();
  }
  result<none> smash(none) {
    held.edit() = -1;
    return none();
  }
};

result<std::string> shout_it(std::string text) { return text + "!"; }

task<json> run_echo(value<json> in) { co_return in; }

task<Everything> run_mirror(value<Everything> in) { co_return in; }

task<std::string> run_approve(value<none>) {
  co_await set_status("waiting");
  auto point = co_await decision();
  co_return std::to_string(point->getX());
}

// By itself, which no rewind changes; or because a step does.
task<std::string> run_doomed(value<std::string> in) {
  co_await sleep(0s);
  if (*in == "a broken shelf") co_await explode("doomed");
  throw failed(reject(*in));
}

// Has the shelf of its input to itself until it is decided.
task<none> run_hold(value<std::string> key) {
  auto held = co_await lock(stock(*key));
  co_await decision();
}

task<std::string> run_fatal(value<std::string> file) {
  co_await decision();
  auto answer = co_await attempt(detonate("bomb", *file));
  co_return answer ? std::string("lived") : answer.error().text;
}

// Something of everything that a history shows.
task<std::string> run_tour(value<std::string> in) {
  auto louder = co_await shout(*in);
  auto broken = co_await attempt(take("tour", [](auto ask) { ask.setQuantity(1); }));
  co_await sleep(1ms);
  auto point = co_await decision();
  co_return *louder + (broken ? "+" : "-");
}

}  // namespace

application one_of_each() {
  application app;
  app.bind(put, &shelf::put).bind(take, &shelf::take).bind(look, &shelf::look);
  app.bind(forget, &shelf::forget)
      .bind(note, &shelf::note)
      .bind(explode, &shelf::explode)
      .bind(same, &shelf::same)
      .bind(detonate, &shelf::detonate);
  app.bind(mark, &dial::mark);
  app.bind(pour, &mug::pour).bind(smash, &mug::smash);
  app.bind(shout, shout_it).bind(decision).bind(go);
  app.bind(echo, run_echo).bind(mirror, run_mirror).bind(approve, run_approve);
  app.bind(doomed, run_doomed).bind(tour, run_tour);
  app.bind(hold, run_hold).bind(fatal, run_fatal);
  return app;
}

}  // namespace reprise::gateway_test
