// One table of what a node answers and what its HTTP API answers to the same thing: each operation on
// instances in every state, three times: with an idempotency key, with the same key again, and with the key
// under another request. And each operation on actors under each precondition.

#include <functional>
#include <future>
#include <set>
#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "tests/gateway/v1/five_instances.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
using gateway::json_member;
namespace data = boost::unit_test::data;

// What was told, as one word: "done", or the cause.
template <class T>
std::string told(const std::function<void(std::function<void(result<T>)>)>& ask) {
  std::promise<std::string> word;
  ask([&](result<T> r) { word.set_value(r ? "done" : std::string(to_string(r.error().why))); });
  return word.get_future().get();
}

std::string word_of(const raw_answer& answer) {
  if (answer.status < 300) return "done";
  return json_member(answer.body, "code");
}

enum class reason { one, another };

// An operation on an instance, both ways. `{}` in the target is the id.
struct operation {
  std::string name;
  std::function<std::string(node&, const std::string& id, ask_options)> call;
  std::string method, target;
  std::function<std::string(const std::string& id, reason)> body;  // of the request
};
std::ostream& operator<<(std::ostream& out, const operation& o) { return out << o.name; }

using steering = void (instances_view::*)(std::string, std::string, ask_options, when<void>) const;
auto steered(steering how) {
  return [how](node& n, const std::string& id, ask_options o) {
    return told<void>([&](auto t) { (n.instances().*how)(id, "why", o, t); });
  };
}
std::string a_reason(const std::string&, reason r) {
  return r == reason::one ? R"({"reason":"why"})" : R"({"reason":"another"})";
}
std::string nothing(const std::string&, reason) { return ""; }

request start_of(const std::string& id) {
  request what;
  what.kind = request_kind::orchestration;
  what.name = "approve";
  what.key = id;
  return what;
}

const operation operations[] = {
    {"start",
     [](node& n, const std::string& id, ask_options o) {
       return told<std::string>([&](auto t) { n.start(start_of(id), o, t); });
     },
     "POST", "/v1/instances",
     [](const std::string& id, reason r) {
       return R"({"orchestration":")" + std::string(r == reason::one ? "approve" : "echo") +
              R"(","id":")" + id + "\"}";
     }},
    {"raise",
     [](node& n, const std::string& id, ask_options o) {
       return told<void>(
           [&](auto t) { n.instances().raise(event_to(id, "decision", payload()), o, t); });
     },
     "POST", "/v1/instances/{}/events/decision",
     [](const std::string&, reason r) { return r == reason::one ? "{}" : R"({"x":2})"; }},
    {"terminate",
     [](node& n, const std::string& id, ask_options o) {
       return told<void>([&](auto t) { n.instances().terminate(id, {"why"}, o, t); });
     },
     "POST", "/v1/instances/{}/terminate", a_reason},
    {"suspend", steered(&instances_view::suspend), "POST", "/v1/instances/{}/suspend", a_reason},
    {"resume", steered(&instances_view::resume), "POST", "/v1/instances/{}/resume", a_reason},
    {"rewind", steered(&instances_view::rewind), "POST", "/v1/instances/{}/rewind", a_reason},
    {"restart under its own id",
     [](node& n, const std::string& id, ask_options o) {
       return told<std::string>([&](auto t) { n.instances().restart(id, id, o, t); });
     },
     "POST", "/v1/instances/{}/restart",
     [](const std::string& id, reason r) {
       return R"({"id":")" + id + "\"" + (r == reason::one ? "}" : " }");
     }},
    {"restart",
     [](node& n, const std::string& id, ask_options o) {
       return told<std::string>([&](auto t) { n.instances().restart(id, "", o, t); });
     },
     "POST", "/v1/instances/{}/restart",
     [](const std::string&, reason r) { return r == reason::one ? "{}" : "{ }"; }},
    {"purge",
     [](node& n, const std::string& id, ask_options o) {
       return told<void>([&](auto t) { n.instances().purge(id, {}, o, t); });
     },
     "DELETE", "/v1/instances/{}", nothing},
    {"status",
     [](node& n, const std::string& id, ask_options) {
       return told<instance_status>([&](auto t) { n.instances().status(id, with_history::no, t); });
     },
     "GET", "/v1/instances/{}", nothing},
    {"why",
     [](node& n, const std::string& id, ask_options) {
       return told<instance_waits>([&](auto t) { n.instances().why(id, t); });
     },
     "GET", "/v1/instances/{}/why", nothing},
};

// Completed, failed, waiting, suspended, not there, and no id.
const std::string targets[] = {"a-1", "a-3", "b-1", "b-2", "nobody", "@a"};

ask_options keyed(std::uint64_t body) { return {idempotency{"", "key", body}, {}, {}}; }

std::string in_process(const operation& one, const std::string& id) {
  five_instances s;
  const auto first = one.call(s.on(), id, keyed(1)), again = one.call(s.on(), id, keyed(1));
  const bool only = one.body(id, reason::one).empty();
  return first + ", " + again + ", " + (only ? again : one.call(s.on(), id, keyed(2)));
}

std::string over_http(const operation& one, const std::string& id) {
  five_instances s;
  auto target = one.target;
  if (const auto at = target.find("{}"); at != target.npos) target.replace(at, 2, id);
  std::string all;
  for (const auto r : {reason::one, reason::one, reason::another}) {
    const auto body = one.body(id, r);
    const auto answer = s.ask(one.method, target, body,
                              std::string(one.method == "GET" ? "" : "Idempotency-Key: key\r\n") +
                                  (body.empty() ? "" : "Content-Type: application/json\r\n"));
    // A refusal that has nothing to do with the request has a word of its own there.
    const auto word = word_of(answer);
    all += (all.empty() ? "" : ", ") + (word == "not_failed" ? "invalid" : word);
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(same_answers)

BOOST_DATA_TEST_CASE(a_node_and_its_http_api_say_the_same_of_an_instance,
                     data::make(operations) * data::make(targets), one, id) {
  BOOST_TEST(in_process(one, id) == over_http(one, id));
}

// Nobody gives the id: the same key names the same instance, whichever way it is asked.
BOOST_AUTO_TEST_CASE(a_start_without_an_id_happens_once_per_key) {
  served s;
  const auto keyed_field = [](const std::string& key) {
    return "Idempotency-Key: " + key + "\r\n";
  };
  const std::function<std::string(const std::string&)> ways[] = {
      [&](const std::string& key) {
        std::promise<std::string> id;
        s.on().start(start_of(""), {idempotency{"in process", key, 1}, {}, {}},
                     [&](result<std::string> r) { id.set_value(r ? *r : r.error().text); });
        return id.get_future().get();
      },
      [&](const std::string& key) {
        const auto answer = s.ask("POST", "/v1/orchestrations/approve", "", keyed_field(key));
        return json_member(answer.body, "id");
      },
      [&](const std::string& key) {
        const auto answer =
            s.ask("POST", df("/orchestrators/approve"), "", keyed_field("df-" + key));
        return json_member(answer.body, "id");
      }};
  std::set<std::string> ids;
  for (const auto& start : ways) {
    const auto first = start("k");
    BOOST_TEST(first.size() == 32u, first);
    BOOST_TEST(start("k") == first);
    BOOST_TEST(start("l") != first);
    BOOST_TEST(ids.insert(first).second);
  }
}

// A call of an actor, an erasure and an unlock, under each precondition.
BOOST_AUTO_TEST_CASE(a_node_and_its_http_api_say_the_same_of_an_actor) {
  struct condition {
    std::string field;
    std::optional<precondition> only_if;
  };
  const condition conditions[] = {
      {"", {}},
      {"If-Match: *\r\n", precondition{precondition::kind::exists}},
      {"If-None-Match: *\r\n", precondition{precondition::kind::absent}},
      {"If-Match: \"0123456789abcdef0123456789abcdef\"\r\n", state_is(0x0123456789abcdefull)}};
  struct deed {
    std::string method, target, body;
    request what;
  };
  const auto call = [](const char* key, const char* operation) {
    request r;
    r.kind = request_kind::operation;
    r.name = "stock";
    r.key = key;
    r.operation = operation;
    return r;
  };
  const deed deeds[] = {{"POST", "/v1/actors/stock/tea/look", "", call("tea", "look")},
                        {"POST", "/v1/actors/stock/new/look", "", call("new", "look")},
                        {"POST", "/v1/actors/stock/tea/explode", "", call("tea", "explode")},
                        {"POST", "/v1/actors/stock/tea/dance", "", call("tea", "dance")},
                        {"POST", "/v1/actors/stock/@x/look", "", call("@x", "look")},
                        {"DELETE", "/v1/actors/stock/tea", "", call("tea", "")},
                        {"DELETE", "/v1/actors/stock/new", "", call("new", "")}};
  for (const auto& one : deeds)
    for (const auto& when : conditions) {
      served s;
      const auto fill = [&] { s.post_json("/v1/actors/stock/tea/put", R"({"quantity":3})"); };
      fill();
      const auto http = word_of(s.ask(one.method, one.target, one.body, when.field));
      fill();
      ask_options o;
      o.only_if = when.only_if;
      const auto here = one.method == "DELETE"
                            ? told<void>([&](auto t) {
                                s.on().actors().erase({"stock", one.what.key}, o, t);
                              })
                            : told<payload>([&](auto t) { s.on().perform(one.what, o, t); });
      BOOST_TEST(here == http, one.target << " " << when.field << ": " << here << ", " << http);
    }
}

BOOST_AUTO_TEST_SUITE_END()
