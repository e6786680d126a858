// Waits for what nobody tells of: a message that is on its way, a counter, a turn of another thread.

#pragma once

#include <thread>

namespace reprise::gateway_test {

// Returns when the condition holds. That it never does is caught by the test's time limit.
template <class Condition>
void until(Condition holds) {
  while (!holds()) std::this_thread::yield();
}

}  // namespace reprise::gateway_test
