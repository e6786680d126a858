#include "examples/application.hpp"

#include "examples/approval/approval.hpp"
#include "examples/bank/bank.hpp"
#include "examples/counter/counter.hpp"
#include "examples/fan_out/fan_out.hpp"
#include "examples/fetch/fetch.hpp"
#include "examples/flaky/flaky.hpp"
#include "examples/hello_cities/hello_cities.hpp"
#include "examples/meter/meter.hpp"
#include "examples/monitor/monitor.hpp"
#include "examples/shop/shop.hpp"
#include "examples/tree/tree.hpp"
#include "examples/word_count/word_count.hpp"

namespace examples {

reprise::application application() {
  reprise::application app;
  counter::bind(app);
  cities::bind(app);
  fan_out::bind(app);
  approval::bind(app);
  fetch::bind(app);
  flaky::bind(app);
  shop::bind(app);
  bank::bind(app);
  monitor::bind(app);
  meter::bind(app);
  tree::bind(app);
  word_count::bind(app);
  return app;
}

}  // namespace examples
