// A server whose code kills it, in the way that its input says.

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <future>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>

#include "actors/reprise.hpp"
#include "gateway/main.hpp"

namespace {

using namespace reprise;
using namespace std::chrono_literals;

constexpr actor<std::int64_t> counter{"counter"};
constexpr operation<std::int64_t, std::int64_t, std::int64_t> add{counter, "add"};
constexpr operation<std::int64_t, std::string, none> burst{counter, "burst"};
constexpr activity<std::string, none> blow{"blow"};
constexpr activity<none, none> nothing{"nothing"};
constexpr activity<none, none> day_long{"day_long"};
constexpr activity<none, std::int64_t> guard{"guard"};  // of the stack it runs on

constexpr orchestration<std::string, std::string> in_activity{"in_activity"};
constexpr orchestration<std::string, std::string> in_operation{"in_operation"};
constexpr orchestration<std::string, std::string> in_orchestrator{"in_orchestrator"};
constexpr orchestration<std::string, std::string> in_log{"in_log"};  // shows its input
constexpr orchestration<none, none> whole_day{"whole_day"};
constexpr orchestration<none, std::int64_t> tell_guard{"tell_guard"};
constexpr orchestration<std::int64_t, std::int64_t> neighbour{"neighbour"};

// Never zero; the compiler does not know.
volatile int again = 1;
template <std::size_t Bytes>
[[gnu::noinline]] int deeper(const volatile char* above) {
  volatile char here[Bytes] = {};
  here[0] = *above;
  return again == 0 ? here[0] : deeper<Bytes>(here) + here[0];
}

void die(const std::string& how) {
  if (how == "abort") std::abort();
  if (how == "fault") {
    volatile int* volatile nowhere = nullptr;
    *nowhere = 1;
  }
  constexpr volatile char first = 0;
  if (how == "overflow") deeper<256>(&first);
  if (how == "leap") deeper<64 << 10>(&first);  // over a guard of one page
  if (how == "terminate") std::terminate();
  if (how == "exit") std::exit(5);
  if (how == "quick_exit") std::quick_exit(5);
  if (how == "hang") std::promise<void>().get_future().wait();
  if (how == "thread") std::jthread([] { std::abort(); });
}

struct number {
  state<std::int64_t> held;
  result<std::int64_t> add(std::int64_t n) { return held.edit() += n; }
  result<none> burst(std::string how) {
    die(how);
    return none();
  }
};

result<none> run_blow(std::string how) {
  die(how);
  return none();
}
result<none> run_nothing(none) { return none(); }
result<none> run_day_long(none) {
  std::cout << "running\n" << std::flush;
  std::promise<void>().get_future().wait();
  return none();
}
result<std::int64_t> run_guard(none) {
  pthread_attr_t here;
  std::size_t bytes = 0;
  if (::pthread_getattr_np(::pthread_self(), &here) != 0) return std::int64_t{0};
  ::pthread_attr_getguardsize(&here, &bytes);
  ::pthread_attr_destroy(&here);
  return static_cast<std::int64_t>(bytes);
}

std::string cause_of(const result<value<none>>& r) {
  return r ? "done" : std::string(to_string(r.error().why));
}

task<std::string> run_in_activity(std::string how) {
  auto r = co_await attempt(blow(how));
  co_return cause_of(r);
}
task<std::string> run_in_operation(std::string how) {
  co_await nothing();  // begins when the instance is durable
  auto r = co_await attempt(burst("deadly", how));
  co_return cause_of(r);
}
task<std::string> run_in_orchestrator(std::string how) {
  co_await nothing();
  die(how);
  co_return std::string("done");
}
task<std::string> run_in_log(std::string how) {
  co_await nothing();
  co_await set_status("in the log: " + how);
  co_await nothing();
  co_return std::string("done");
}
task<none> run_whole_day(none) { co_await day_long(); }
task<std::int64_t> run_tell_guard(none) { co_return *co_await guard(); }
task<std::int64_t> run_neighbour(std::int64_t n) {
  std::int64_t last = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    co_await nothing();
    auto sum = co_await add("beside", std::int64_t{1});
    last = *sum;
  }
  co_return last;
}

}  // namespace

// Stands before the C library's: whoever writes these bytes dies, which is the log's thread.
extern "C" ssize_t pwrite(int to, const void* bytes, std::size_t size, off_t at) {
  if (std::string_view(static_cast<const char*>(bytes), size).find("in the log: abort") !=
      std::string_view::npos)
    std::abort();
  return ::syscall(SYS_pwrite64, to, bytes, size, at);
}

int main(int argc, char** argv) {
  application app;
  app.bind(add, &number::add).bind(burst, &number::burst);
  app.bind(blow, run_blow).bind(nothing, run_nothing).bind(day_long, run_day_long);
  app.bind(in_activity, run_in_activity).bind(in_operation, run_in_operation);
  app.bind(in_orchestrator, run_in_orchestrator).bind(whole_day, run_whole_day);
  app.bind(neighbour, run_neighbour).bind(in_log, run_in_log);
  app.bind(guard, run_guard).bind(tell_guard, run_tell_guard);
  return reprise::main(argc, argv, std::move(app));
}
