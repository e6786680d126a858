// One address, one message at a time, without a node: what a host asks for, and when it waits.

#include "runtime/host/host.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "persistence/keys.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/host/directory.hpp"
#include "tests/support/fake_services.hpp"

using namespace reprise;
using namespace reprise::runtime;
using namespace std::chrono_literals;
using reprise::testing::fake_services;
namespace keys = persistence::keys;
using names = std::vector<std::string>;

namespace {

const address till{address_kind::actor, "till", "1"};
const address drawer{address_kind::actor, "drawer", "1"};

// Reads its state, then answers each call at once; "write" writes it before.
class till_host final : public host {
 public:
  till_host(turn_services& s, const address& self, std::uint64_t epoch) : host(s, self, epoch) {}

  names did;

 private:
  void activate() override {
    did.emplace_back("reads");
    persistence::load_request own;
    own.keys = {keys::actor(self_.type, self_.key)};
    load(std::move(own), while_loading::blocking, [this](const persistence::load_answer& a) {
      if (a.error) {
        deactivated();
        return rest(*a.error);
      }
      set_footprint(1'000);
      activated();
    });
  }

  void handle(message_ptr m) override {
    const auto& operation = std::get<call_body>(m->body).operation;
    did.push_back(operation);
    if (operation == "refuse") return refuse(std::move(m), {cause::invalid, "not this", false});
    if (operation != "write") return answer(*m, payload("seen"));
    transition t(services_, self_, now());
    if (!begin(t)) return;
    t.consume(*m);
    t.put(keys::actor(self_.type, self_.key), "written");
    t.answer(*m, payload("written"));
    t.commit();
  }
};

std::shared_ptr<host> make_till(turn_services& s, const address& a, std::uint64_t epoch) {
  return std::make_shared<till_host>(s, a, epoch);
}

using slot = std::shared_ptr<std::optional<result<payload>>>;

struct hosted : fake_services {
  const std::shared_ptr<till_host> at = std::make_shared<till_host>(services, till, 0);

  // From outside: the slot is filled when it is answered.
  slot ask(const std::string& operation, const horizon& depends = {}) {
    auto told = std::make_shared<std::optional<result<payload>>>();
    auto m = std::make_unique<message>();
    m->id = ids.next();
    m->to = till;
    m->horizon = depends;
    m->body = call_body{operation, {}};
    m->done = callback<result<payload>>([told](result<payload> r) { *told = std::move(r); });
    give(std::move(m));
    return told;
  }
  void tell(const std::string& operation) {
    auto m = std::make_unique<message>();
    m->to = till;
    m->body = call_body{operation, {}};
    give(std::move(m));
  }
  void give(message_ptr m) {
    BOOST_REQUIRE(at->box().push(m));
    at->wake();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(hosts_alone)

BOOST_AUTO_TEST_CASE(a_host_reads_its_state_before_its_first_message) {
  hosted on;
  const auto first = on.ask("look");
  const auto second = on.ask("look again");
  on.run();
  BOOST_TEST(on.at->did == (names{"reads", "look", "look again"}),
             boost::test_tools::per_element());
  BOOST_REQUIRE((first->has_value() && second->has_value()));
  BOOST_TEST((***first == payload("seen")));
  BOOST_TEST(on.log.newest() == 0u);  // who only looks takes no position
}

BOOST_AUTO_TEST_CASE(a_host_is_not_activated_while_it_may_not_run) {
  hosted on;
  on.admission.runs = false;
  const auto told = on.ask("look");
  on.run();
  BOOST_TEST(on.at->did.empty());
  BOOST_TEST(on.admission.asked == 1);
  on.admission.runs = true;
  on.at->wake();
  on.run();
  BOOST_TEST(told->has_value());
}

BOOST_AUTO_TEST_CASE(a_full_disk_refuses_calls_from_outside_and_lets_the_rest_wait) {
  hosted on;
  on.admission.runs = false;
  on.admission.full = true;
  on.tell("write");
  const auto told = on.ask("look");
  on.run();
  BOOST_REQUIRE(told->has_value());
  BOOST_TEST(((*told)->error().why == cause::storage_full));
  BOOST_TEST(!on.at->box().empty());
  on.admission.full = false;
  on.admission.runs = true;
  on.at->wake();
  on.run();
  BOOST_TEST(on.at->did == (names{"reads", "write"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_state_that_cannot_be_read_is_read_again_after_a_while) {
  hosted on;
  on.reader.faults = 1;
  on.tell("write");
  on.run();
  BOOST_TEST(on.at->did == names{"reads"}, boost::test_tools::per_element());
  BOOST_TEST(on.said.size() == 1u);
  BOOST_REQUIRE(on.timers.work_at.size() == 1u);
  BOOST_TEST((on.timers.work_at.front().first == on.services.now() + 1s));
  on.timers.work_at.front().second();
  on.run();
  BOOST_TEST(on.at->did == (names{"reads", "reads", "write"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_call_from_outside_is_refused_when_the_state_cannot_be_read) {
  hosted on;
  on.reader.faults = 1;
  const auto told = on.ask("look");
  on.run();
  BOOST_REQUIRE(told->has_value());
  BOOST_TEST(((*told)->error().why == cause::unavailable));
}

BOOST_AUTO_TEST_CASE(an_answer_waits_for_the_writes_it_was_seen_with) {
  hosted on;
  commit_log::ticket before;
  BOOST_REQUIRE(on.log.take(0, before));
  const auto told = on.ask("look", before.horizon());
  on.run();
  BOOST_TEST(on.at->did.back() == "look");
  BOOST_TEST(!told->has_value());
  on.log.publish(before, {}, {});
  on.run();
  BOOST_TEST(told->has_value());
}

BOOST_AUTO_TEST_CASE(an_actor_that_is_blamed_takes_a_message_when_it_is_durable) {
  hosted on;
  on.letters.waits = true;
  commit_log::ticket before;
  BOOST_REQUIRE(on.log.take(0, before));
  on.ask("look", before.horizon());
  on.run();
  BOOST_TEST(on.at->did == names{"reads"}, boost::test_tools::per_element());
  on.log.publish(before, {}, {});
  on.run();
  BOOST_TEST(on.at->did.back() == "look");
}

BOOST_AUTO_TEST_CASE(a_host_stays_in_memory_until_its_writes_are_durable) {
  hosted on;
  const auto told = on.ask("write");
  while (on.log.newest() == 0 && on.exec.step()) {
  }
  BOOST_TEST((on.log.newest() == 1u && on.log.durable() == 0u));
  BOOST_TEST(!on.at->retire_if_quiet());
  on.run();
  BOOST_TEST((***told == payload("written")));
  BOOST_TEST(on.is_stored(keys::actor(till.type, till.key)));
  BOOST_TEST(on.at->retire_if_quiet());
  on.tell("write");  // it is over: nobody runs it any more
  on.run();
  BOOST_TEST(on.log.newest() == 1u);
}

BOOST_AUTO_TEST_CASE(a_host_of_an_epoch_that_is_over_commits_nothing) {
  hosted on;
  on.log.drop_all(commit_outcome::not_applied);
  on.log.begin(2, 0);
  const auto told = on.ask("write");
  on.run();
  BOOST_TEST(on.at->did.back() == "write");
  BOOST_REQUIRE(told->has_value());
  BOOST_TEST(((*told)->error().why == cause::unavailable));
  BOOST_TEST(on.log.newest() == 0u);
  BOOST_TEST(!on.is_stored(keys::actor(till.type, till.key)));
}

BOOST_AUTO_TEST_CASE(a_refused_message_of_a_turn_is_consumed_and_answered) {
  hosted on;
  auto m = std::make_unique<message>();
  m->id = {1, 1, 0};
  m->to = till;
  m->durable = true;
  m->body = call_body{"refuse", {}};
  m->reply = reply_to{"order", {1, 1}, 2};
  on.give(std::move(m));
  on.run();
  BOOST_REQUIRE(on.router.sent.size() == 1u);
  const auto& sent = *on.router.sent.front();
  BOOST_TEST((sent.to == address{address_kind::instance, "", "order"}));
  BOOST_TEST((std::get<answer_body>(sent.body).outcome.error().why == cause::invalid));
  BOOST_TEST(on.log.durable() == 1u);
}

BOOST_AUTO_TEST_CASE(a_host_that_leaves_gives_its_bytes_back) {
  fake_services on;
  auto at = std::make_shared<till_host>(on.services, till, 0);
  at->want();
  on.run();
  BOOST_TEST(on.admission.bytes >= 1'000);
  at.reset();
  BOOST_TEST(on.admission.bytes == 0);
}

BOOST_AUTO_TEST_CASE(a_directory_makes_the_host_of_an_address_once) {
  fake_services on;
  directory hosts(on.services, make_till);
  int answered = 0;
  const auto ask = [&](const address& to, std::uint64_t epoch) {
    auto m = std::make_unique<message>();
    m->to = to;
    m->body = call_body{"look", {}};
    m->done = callback<result<payload>>([&](result<payload> r) { answered += r ? 1 : 0; });
    BOOST_TEST(hosts.deliver(m, epoch));
    BOOST_TEST(!m);
  };
  ask(till, 0);
  ask(till, 0);
  ask(drawer, 0);
  ask(drawer, 1);  // its sender's turn never happened
  on.run();
  BOOST_TEST(hosts.size() == 2u);
  BOOST_TEST(answered == 3);
  hosts.drop_all(1, {cause::unavailable, "starts anew", true});
  BOOST_TEST(hosts.size() == 0u);
  BOOST_TEST(on.admission.bytes == 0);
}

BOOST_AUTO_TEST_SUITE_END()
