#include "tests/instructions/paths.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include "examples/fan_out/fan_out.hpp"
#include "examples/hello_cities/hello_cities.hpp"
#include "gateway/router/routes.hpp"
#include "gateway/server/request_guard.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

namespace reprise::instructions {

namespace {

using namespace std::chrono_literals;
using namespace testing::parts;
using testing::disk;
using testing::world;
using counter = void (*)(bool on);

// Twice what is counted has been done before: caches of names and types are filled.
constexpr unsigned warm_up = 3;

void require(bool fine, const char* what) {
  if (!fine) throw std::runtime_error(what);
}

std::string id_of(unsigned i) { return "i-" + std::to_string(1'000'000 + i); }

struct machine : world {
  machine() : world(1, disk::lmdb, bound_with_examples) {}

  void begin(const request& what) {
    require(start(what).has_value(), "a start was not answered");
    run();
  }
};

// The same step `times` times, after a warm-up.
template <class Step>
void repeat(counter counted, unsigned times, Step step) {
  for (unsigned i = 0; i < warm_up; ++i) step(i);
  counted(true);
  for (unsigned i = warm_up; i < warm_up + times; ++i) step(i);
  counted(false);
}

void call(counter counted) {
  machine m;
  repeat(counted, 50, [&](unsigned) { m.get(add("t", 1)); });
}

void call_of_a_new_actor(counter counted) {
  machine m;
  repeat(counted, 50, [&](unsigned i) { m.get(add(id_of(i), 1)); });
}

void read_only_call(counter counted) {
  machine m;
  m.get(add("t", 1));
  repeat(counted, 50, [&](unsigned) { m.get(read("t")); });
}

void rejection(counter counted) {
  machine m;
  repeat(counted, 50, [&](unsigned) {
    const auto answer = m.perform(add("t", -1).what());
    require(answer && !*answer, "it was not rejected");
  });
}

void repeated_call(counter counted) {
  machine m;
  ask_options once;
  once.once = idempotency{"ann", "key", 7};
  repeat(counted, 50, [&](unsigned) {
    const auto answer = m.perform(add("t", 1).what(), once);
    require(answer && *answer && **codec<number>::decode(**answer) == 1, "it was done twice");
  });
}

void hop(counter counted) {
  machine m;
  const auto pass_on = [&](number hops) {
    m.perform(pass("a", numbers{hops, 1}).what());
    m.run();
  };
  pass_on(10);
  counted(true);
  pass_on(200);
  counted(false);
}

void fan_out_step(counter counted) {
  machine m;
  const auto fan_out = [&](number base, number count) {
    m.perform(fan("h", numbers{count, base, 10}).what());
    m.run();
  };
  fan_out(0, 20);
  counted(true);
  fan_out(20, 200);
  counted(false);
}

void entry(counter counted) {
  machine m;
  repeat(counted, 50, [&](unsigned i) { m.get(bump("s", id_of(i))); });
}

void scanned_entry(counter counted) {
  machine m;
  m.get(fill("s", 200));
  m.get(total("s"));
  counted(true);
  m.get(total("s"));
  counted(false);
}

void start_of_an_instance(counter counted) {
  machine m;
  repeat(counted, 50, [&](unsigned i) { m.begin(collect.as(id_of(i)).what()); });
}

void raised_event(counter counted) {
  machine m;
  m.begin(collect.as("c").what());
  repeat(counted, 50, [&](unsigned) {
    m.raise(nudge.to("c", 1));
    m.run();
  });
}

void timer(counter counted) {
  machine m;
  const auto sleep_on = [&](unsigned i) {
    m.begin(nap.as(id_of(i), 5).what());
    m.advance(10s);
  };
  repeat(counted, 20, sleep_on);
}

void activity(counter counted) {
  namespace cities = examples::cities;
  machine m;
  repeat(counted, 10, [&](unsigned i) { m.begin(cities::hello_cities.as(id_of(i)).what()); });
  require(m.ended(id_of(0)), "the chain did not end");
}

void critical_section(counter counted) {
  machine m;
  m.get(add("a", 100));
  repeat(counted, 20, [&](unsigned i) { m.begin(transfer.as(id_of(i), names{"a", "b"}).what()); });
}

void status_read(counter counted) {
  machine m;
  m.begin(collect.as("c").what());
  repeat(counted, 50, [&](unsigned) { require(m.status("c").has_value(), "no status"); });
}

void listed_instance(counter counted) {
  machine m;
  for (unsigned i = 0; i < 100; ++i) m.begin(collect.as(id_of(i)).what());
  repeat(counted, 5, [&](unsigned) {
    bool told = false;
    m.at().instances().list({}, {"", 100}, [&](result<instance_page> page) {
      told = page && page->instances.size() == 100;
    });
    m.run();
    require(told, "not all are listed");
  });
}

void awakening(counter counted) {
  machine m;
  m.begin(collect.as("c").what());
  for (unsigned i = 0; i < 50; ++i) {
    m.raise(nudge.to("c", 1));
    m.run();
  }
  repeat(counted, 5, [&](unsigned) {
    m.forget();
    m.raise(nudge.to("c", 1));
    m.run();
  });
}

void opened_instance(counter counted) {
  machine m;
  for (unsigned i = 0; i < 1'000; ++i) m.begin(collect.as(id_of(i)).what());
  m.close();
  counted(true);
  m.open();
  m.run();
  counted(false);
}

// An answer that comes on this thread.
struct answered final : gateway::reply::slot {
  void send(gateway::http_response&& answer) override { status = answer.status; }
  void call_after(std::chrono::milliseconds, std::function<void()>) override {}
  unsigned status = 0;
};

// From the bytes of a request's head to the answer's value: all of a request but the sockets.
void http_call(counter counted) {
  machine m;
  gateway::routes routes(m.at(), {});
  const std::string head =
      "POST /v1/actors/tally/t/add HTTP/1.1\r\nHost: localhost:7071\r\nAccept: */*\r\n"
      "Content-Type: application/json\r\nContent-Length: 1\r\n\r\n";
  repeat(counted, 50, [&](unsigned) {
    gateway::request_head read;
    require(gateway::find_head_end(head, 0).what == gateway::head_end::state::complete &&
                gateway::guard_request(head, {}, read).status == 0,
            "the head was refused");
    gateway::http_request request;
    request.method = read.method;
    request.target = read.target;
    request.host = read.host;
    request.content_type = read.find(gateway::known_field::content_type);
    request.body = "1";
    const auto slot = std::make_shared<answered>();
    routes(std::move(request), gateway::reply(slot));
    m.run();
    require(slot->status == 200, "the call was refused");
  });
}

constexpr path all[] = {
    {"call", 50, call},
    {"call-of-a-new-actor", 50, call_of_a_new_actor},
    {"read-only-call", 50, read_only_call},
    {"rejection", 50, rejection},
    {"repeated-call", 50, repeated_call},
    {"hop", 200, hop},
    {"fan-out-step", 200, fan_out_step},
    {"entry", 50, entry},
    {"scanned-entry", 200, scanned_entry},
    {"start", 50, start_of_an_instance},
    {"event", 50, raised_event},
    {"timer", 20, timer},
    {"five-activities", 10, activity},
    {"critical-section", 20, critical_section},
    {"status-read", 50, status_read},
    {"listed-instance", 500, listed_instance},
    {"awakening", 5, awakening},
    {"opened-instance", 1'000, opened_instance},
    {"http-call", 50, http_call},
};
static_assert(std::size(all) <= 20);

}  // namespace

std::span<const path> paths() { return all; }

}  // namespace reprise::instructions
