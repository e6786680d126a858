// Any sequence of events as the history of an instance of the examples: it fits or diverges. And what
// an instance lived through, whatever it was fed, replays without a divergence.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "actors/orchestration/orchestration_run.hpp"
#include "actors/reprise.hpp"
#include "examples/application.hpp"

using namespace reprise;
using internal::orchestration_run;

namespace {

constexpr const char* bodies[] = {"checkout", "approval", "monitor", "fan_out", "tree", "transfer"};
constexpr const char* names[] = {"checkout", "approval", "monitor",  "fan_out", "tree",
                                 "verdict",  "decision", "charge",   "refund",  "stock",
                                 "reserve",  "account",  "withdraw", "look",    ""};
constexpr generation first{1, 1};

struct source {
  const std::uint8_t* at;
  std::size_t left;
  unsigned next() { return left == 0 ? 0 : (--left, *at++); }
};

// Plain words and Cap'n Proto messages of one word, so that some of them are what the code wants.
payload value_of(unsigned form) {
  if (form % 3 == 0) return {};
  if (form % 3 == 1) return payload(std::string_view("\1\0\0\0\0\0\0\0", 8));
  std::string message("\0\0\0\0\2\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0", 24);
  message[16] = static_cast<char>(form);
  return payload(message);
}

history_event event_of(source& in, std::uint64_t number) {
  history_event e;
  const auto kind = in.next() % 23;
  e.kind = static_cast<event_kind>(kind < 7 ? kind + 1 : kind + 9);
  e.number = number;
  e.target = in.next() % 16;
  e.name = names[in.next() % std::size(names)];
  e.value = value_of(in.next());
  if (in.next() % 5 == 4) e.error = failure{cause::failed, "said so", false};
  e.at = time_point(std::chrono::seconds(number));
  return e;
}

history_event started(const char* body, source& in) {
  history_event e;
  e.kind = event_kind::started;
  e.name = body;
  e.value = value_of(in.next());
  return e;
}

void replay_anything(const bound_orchestration& code, history_event begin, source in) {
  orchestration_run run(code, "order-7", first);
  run.replay(begin);
  for (std::uint64_t number = 1; in.left > 0 && number < 64 && !run.diverged(); ++number)
    run.replay(event_of(in, number));
  run.replayed();
  static_cast<void>(run.waiting_for());
}

void live_then_replay(const bound_orchestration& code, history_event begin, source in) {
  orchestration_run live(code, "order-7", first);
  std::vector<history_event> history{begin};
  live.feed(begin);
  const auto take = [&] {
    for (auto& step : live.take_steps()) history.push_back(std::move(step));
  };
  take();
  while (in.left > 0 && history.size() < 64 && !live.finished() && !live.diverged()) {
    auto e = event_of(in, live.next_number());
    const bool answers = e.kind == event_kind::answered && live.open(e.target);
    if (!answers && e.kind != event_kind::raised) continue;  // what a host would drop
    history.push_back(e);
    live.feed(e);
    take();
  }
  if (live.diverged()) return;
  orchestration_run again(code, "order-7", first);
  for (const auto& each : history) again.replay(each);
  again.replayed();
  if (again.diverged() || again.finished() != live.finished() || !again.take_steps().empty())
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto app = examples::application();
  source in{bytes, size};
  const auto form = in.next();
  const char* body = bodies[form % std::size(bodies)];
  const auto* code = app.find_orchestration(body);
  if (code == nullptr) std::abort();
  const auto begin = started(body, in);
  (form < 128 ? replay_anything : live_then_replay)(*code, begin, in);
  return 0;
}
