// The store's own threads.

#include <pthread.h>

#include <boost/test/unit_test.hpp>
#include <future>
#include <string>

#include "persistence/layered/fold_thread.hpp"
#include "persistence/layered/loaders.hpp"

using namespace reprise::persistence::internal;

namespace {

std::string own_name() {
  char name[16] = {};
  ::pthread_getname_np(::pthread_self(), name, sizeof name);
  return name;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(threads)

BOOST_AUTO_TEST_CASE(threads_have_the_name_of_their_work) {
  std::promise<std::string> folds, loads;
  fold_thread fold(
      [&] {
        folds.set_value(own_name());
        return fold_thread::outcome::done;
      },
      [] { return false; });
  fold.ask();
  BOOST_TEST(folds.get_future().get() == "fold");
  loaders load(1);
  load.post([&] { loads.set_value(own_name()); });
  BOOST_TEST(loads.get_future().get() == "load");
}

BOOST_AUTO_TEST_SUITE_END()
