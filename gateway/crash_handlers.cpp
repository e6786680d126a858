#include "gateway/internal/crash_handlers.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <exception>

#include "persistence/damage.hpp"
#include "runtime/crash.hpp"

namespace reprise::gateway {

namespace {

constexpr std::array fatal{SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

// Of the process, because handlers are.
std::array<struct sigaction, fatal.size()> before;
std::terminate_handler terminate_before = nullptr;

// Sent by another process: it stopped us, no code of ours did.
bool is_from_outside(const siginfo_t& what) {
  return what.si_code == SI_USER && what.si_pid != ::getpid();
}

void on_signal(int number, siginfo_t* what, void*) {
  // Of damage nobody's code is to blame.
  if ((number == SIGSEGV || number == SIGBUS) && what->si_code > 0)
    persistence::end_if_in_tables(what->si_addr);
  if (!is_from_outside(*what)) mark_crash();
  for (std::size_t i = 0; i < fatal.size(); ++i)
    if (fatal[i] == number) ::sigaction(number, &before[i], nullptr);
  // A fault happens again on return and is handled as before; what was sent must be sent again.
  if (what->si_code <= 0) ::raise(number);
}

[[noreturn]] void on_terminate() {
  mark_crash();
  if (terminate_before) terminate_before();
  std::abort();
}

// The other threads are still at work: nothing is torn down under them.
void on_exit(int status, void*) {
  if (!in_user_code()) return;
  mark_crash();
  std::_Exit(status);
}
void on_quick_exit() {
  if (in_user_code()) mark_crash();
}

// Gives each thread that starts later a guard of 1 MiB. A frame larger than the guard may pass over it and
// write into the stack of another thread, which then dies in its place and is blamed.
void widen_guards() {
  constexpr std::size_t guard = 1 << 20;  // addresses, no memory
  pthread_attr_t usual;
  if (::pthread_getattr_default_np(&usual) != 0) return;
  std::size_t stack = 0;
  if (::pthread_attr_getstacksize(&usual, &stack) == 0 &&
      ::pthread_attr_setstacksize(&usual, stack + guard) == 0 &&  // the guard is part of it
      ::pthread_attr_setguardsize(&usual, guard) == 0)
    ::pthread_setattr_default_np(&usual);
  ::pthread_attr_destroy(&usual);
}

}  // namespace

void install_crash_handlers() {
  widen_guards();
  struct sigaction action {};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < fatal.size(); ++i) ::sigaction(fatal[i], &action, &before[i]);
  terminate_before = std::set_terminate(on_terminate);
  ::on_exit(on_exit, nullptr);
  std::at_quick_exit(on_quick_exit);
}

}  // namespace reprise::gateway
