#include "gateway/v1/event_stream.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/limits.hpp"
#include "gateway/api/change_hub.hpp"
#include "gateway/json/json_writer.hpp"
#include "gateway/v1/event_wait.hpp"
#include "gateway/v1/instance_object.hpp"
#include "gateway/v1/instance_routes.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds pause = 100ms;  // between two pieces
constexpr std::size_t largest_piece = 256;          // instances

// One stream. Sends a piece, pauses, waits for a change, looks up the changed instances, and so on.
class all_stream : public std::enable_shared_from_this<all_stream> {
 public:
  all_stream(shared_request e, instance_filter filter)
      : e_(std::move(e)), filter_(std::move(filter)), next_(e_->changes.next()) {}

  void begin() {
    http_response first{200, "text/event-stream", "retry: 2000\n\n", {}};
    const auto& known = e_->request.last_event_id;
    if (!known.empty()) {
      const auto number = number_in(known);
      // Continue behind the last event. If it is too old, the first look() finds out.
      if (number)
        next_ = *number + 1;
      else
        first.body += reset();
    }
    then_more(first);
    e_->answer(std::move(first));
  }

 private:
  // Parses an event id, HUB-NUMBER. Returns nothing if it is not one of this hub.
  std::optional<std::uint64_t> number_in(std::string_view id) const {
    const auto& name = e_->changes.name();
    if (!id.starts_with(name) || id.size() < name.size() + 2 || id[name.size()] != '-')
      return std::nullopt;
    std::uint64_t number = 0;
    const auto* end = id.data() + id.size();
    const auto [last, error] = std::from_chars(id.data() + name.size() + 1, end, number);
    if (error != std::errc() || last != end || number >= next_) return std::nullopt;
    return number;
  }

  std::string id_of(std::uint64_t number) const {
    return e_->changes.name() + '-' + std::to_string(number);
  }
  // A reset event. From its id on, the stream is complete.
  std::string reset() const { return "id: " + id_of(next_ - 1) + "\nevent: reset\ndata: null\n\n"; }

  void then_more(http_response& told) {
    told.more = [self = shared_from_this()](const reply& next) { self->rest(next); };
  }

  // Pauses between two pieces, so that changes in quick succession are merged.
  void rest(const reply& next) {
    const auto over = looked_ + pause, now = clock::now();
    if (now >= over) return wait(next);
    next.call_after(std::chrono::ceil<std::chrono::milliseconds>(over - now),
                    [self = shared_from_this(), next] { self->wait(next); });
  }

  void wait(const reply& next) {
    const auto now = std::make_shared<event_wait>();
    const auto self = shared_from_this();
    next.call_after(longest_silence, [self, now, next] {
      if (now->taken.exchange(true)) return;
      self->e_->changes.forget(now->waiting);
      http_response silent{200, "", ":\n\n", {}};
      self->then_more(silent);
      next(std::move(silent));
    });
    now->waiting = e_->changes.when_more(next_, [self, now, next] {
      if (now->taken.exchange(true)) return;
      // Continue on the I/O thread: this thread of the node releases answers, which must not wait.
      next.call_after(0ms, [self, next] { self->look(next); });
    });
    // If the timeout came before `waiting` was set, it could not forget the waiting function.
    if (now->taken) e_->changes.forget(now->waiting);
  }

  void look(const reply& next) {
    looked_ = clock::now();
    auto seen = e_->changes.since(next_, filter_.prefix, largest_piece);
    next_ = seen.next;
    const auto found = std::make_shared<piece>(std::move(seen), next);
    if (found->seen.changes.empty()) return tell(*found);
    for (std::size_t i = 0; i < found->seen.changes.size(); ++i)
      e_->on.instances().status(found->seen.changes[i].id, with_history::no,
                                [self = shared_from_this(), found, i](result<instance_status> one) {
                                  found->instances[i].emplace(std::move(one));
                                  if (found->left.fetch_sub(1) == 1) self->tell(*found);
                                });
  }

  struct piece {
    piece(change_hub::look s, reply to)
        : seen(std::move(s)),
          instances(seen.changes.size()),
          left(seen.changes.size()),
          next(std::move(to)) {}
    const change_hub::look seen;
    std::vector<std::optional<result<instance_status>>> instances;
    std::atomic<std::size_t> left;
    const reply next;
  };

  bool fits(const instance_status& one) const {
    const auto& f = filter_;
    return (f.orchestration.empty() ||
            orchestration_name(one.orchestration).base == f.orchestration) &&
           (f.states.empty() ||
            std::find(f.states.begin(), f.states.end(), one.state) != f.states.end());
  }

  // Sends one event for each instance. If the status of one is unavailable, the stream ends before it, as
  // if the connection had broken: the client reconnects with the id of the last event.
  void tell(const piece& found) {
    http_response out{200, "", found.seen.missed ? reset() : std::string(), {}};
    for (std::size_t i = 0; i < found.instances.size(); ++i) {
      const auto& [id, number] = found.seen.changes[i];
      const auto& one = *found.instances[i];
      if (one && !fits(*one)) continue;
      std::string data;
      if (one)
        append_instance(data, e_->on.bound(), *one, with_input::no);
      else if (one.error().why == cause::not_found)
        object_writer(data).text("id", id);
      else
        return found.next(std::move(out));
      // A line end would end the SSE field. In JSON it occurs between values only, where it means nothing.
      for (auto& c : data)
        if (c == '\n' || c == '\r') c = ' ';
      out.body += "id: " + id_of(number) + "\nevent: " + (one ? "instance" : "gone") +
                  "\ndata: " + data + "\n\n";
    }
    then_more(out);
    found.next(std::move(out));
  }

  const shared_request e_;
  const instance_filter filter_;
  std::uint64_t next_;  // number of the next change to read
  clock::time_point looked_{};
};

}  // namespace

void stream_all(const shared_request& e) {
  parameters given(e->where);
  auto filter = filter_of(given);
  if (given.refused()) return e->answer(problem(*given.refused()));
  std::make_shared<all_stream>(e, std::move(filter))->begin();
}

}  // namespace reprise::gateway
