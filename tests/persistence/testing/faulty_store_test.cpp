#include "persistence/testing/faulty_store.hpp"

#include <boost/test/unit_test.hpp>
#include <memory>
#include <optional>

#include "tests/persistence/stores.hpp"

using namespace reprise::persistence;
using namespace reprise::persistence::internal;
using namespace reprise::persistence::testing;

namespace {

struct faulty {
  explicit faulty(mishap_plan plan) : s(std::make_unique<memory_store>(disk), plan) {}
  result<void> put(const char* value) {
    const batch b = w().put("k", value);
    return s.commit(s.durable() + 1, {&b, 1});
  }
  std::optional<std::string> durable_value() {
    memory_store again(disk);
    return get(again, "k");
  }

  std::shared_ptr<memory_disk> disk = std::make_shared<memory_disk>();
  faulty_store s;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(faulty_stores)

BOOST_AUTO_TEST_CASE(an_error_not_written_writes_nothing_and_the_store_goes_on_after_a_probe) {
  faulty f({.commit = 2, .how = mishap::not_written, .failing_probes = 1});
  BOOST_TEST(f.put("1").has_value());
  BOOST_TEST((f.put("2").error().code == errc::not_written));
  BOOST_TEST((f.s.begin_term().error().code == errc::not_written));
  BOOST_TEST(f.s.begin_term().has_value());
  BOOST_TEST(get(f.s, "k").value() == "1");
  BOOST_TEST(f.put("3").has_value());
}

BOOST_AUTO_TEST_CASE(an_error_unknown_stops_the_store_whether_the_write_was_kept_or_lost) {
  for (const auto how : {mishap::unknown_kept, mishap::unknown_lost}) {
    faulty f({.commit = 1, .how = how});
    BOOST_TEST((f.put("1").error().code == errc::unknown));
    BOOST_TEST((f.put("2").error().code == errc::failed));
    BOOST_TEST((f.s.read(ask({"k"})).error->code == errc::failed));
    BOOST_TEST(f.durable_value().has_value() == (how == mishap::unknown_kept));
  }
}

BOOST_AUTO_TEST_CASE(a_crash_is_thrown_before_or_after_the_group_is_durable) {
  for (const auto how : {mishap::crash_before, mishap::crash_after}) {
    faulty f({.commit = 1, .how = how});
    BOOST_CHECK_THROW(static_cast<void>(f.put("1")), injected_crash);
    BOOST_TEST(f.durable_value().has_value() == (how == mishap::crash_after));
  }
}

BOOST_AUTO_TEST_CASE(held_loads_are_answered_from_the_view_that_was_asked_for) {
  for (const auto how : {faulty_store::held::early, faulty_store::held::late}) {
    faulty f({});
    BOOST_TEST(f.put("1").has_value());
    f.s.hold_loads(how);
    std::string answered;
    f.s.load(ask({"k"}), [&](load_answer a) { answered = a.values[0].value(); });
    BOOST_TEST(f.put("2").has_value());
    BOOST_TEST((answered.empty() && f.s.held_loads() == 1u));
    f.s.release_loads();
    BOOST_TEST(answered == (how == faulty_store::held::early ? "1" : "2"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
