// refused: may await only durable things

#include "tests/actors/shop.hpp"

struct timer {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<>) {}
  void await_resume() {}
};
reprise::task<> body() { co_await timer{}; }
