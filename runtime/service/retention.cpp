#include "runtime/service/retention.hpp"

#include <memory>
#include <tuple>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/instance_types.hpp"
#include "runtime/message/records.hpp"
#include "runtime/reading/page_reader.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

namespace {

constexpr std::string_view all_are_listed = "ended-listed";

sweeper::index kept_for(turn_services& s, instance_state how, std::string name, duration kept) {
  const auto state = static_cast<std::uint8_t>(how);
  return {std::move(name),
          [state, kept](time_point now) {
            return keys::ended_until(state, (now - kept).time_since_epoch().count() - 1);
          },
          [&s, kept](const sweeper::entries& page) {
            std::vector<sweeper::request> all;
            for (const auto& [key, nothing] : page) {
              auto ended = keys::read_ended(key);
              if (!ended) continue;
              const auto at = time_point(duration(ended->at_ns));
              auto m = std::make_unique<message>();
              m->id = s.ids.next();
              m->to = {address_kind::instance, "", std::move(ended->id)};
              m->body = retire_body{ended->state, at};
              m->lane = lane_of(*m);
              all.push_back({std::move(m), 1, at + kept});
            }
            return all;
          }};
}

// Lists ended instances page by page; the next page follows when this one is durable. An instance that
// is restarted meanwhile leaves an entry without effect, which a sweep removes.
class listing_of_ended : public std::enable_shared_from_this<listing_of_ended> {
 public:
  listing_of_ended(turn_services& s, callback<bool> whole)
      : services_(s), whole_(std::move(whole)) {
    std::tie(page_.first, page_.last) = keys::instances_range();
    page_.max_entries = limits::sweep_slice;
    page_.keys = {keys::meta(all_are_listed)};
  }

  void read() {
    services_.reader.load(
        persistence::load_request(page_),
        [self = shared_from_this()](persistence::load_answer a) { self->list(a); });
  }

 private:
  void list(const persistence::load_answer& a) {
    if (a.error)
      services_.observer.say(log_level::warning, "retention: not read: " + a.error->text);
    if (a.error || a.values.front()) return whole_(!a.error);
    transition t(services_, nobody_, services_.now());
    if (!services_.admission.admits() || !t.open(services_.log.epoch())) return whole_(false);
    for (const auto& [key, value] : a.entries) {
      const auto id = keys::read_instance(key);
      const auto header = records::decode_instance(value);
      if (id && header && is_terminal(static_cast<instance_state>(header->status)))
        t.put(keys::ended(header->status, header->updated.time_since_epoch().count(), *id), "");
    }
    const bool more = next_page(page_, a);
    if (!more) t.put(page_.keys.front(), "");
    t.leave([self = shared_from_this(), more](commit_outcome o) {
      if (o != commit_outcome::durable || !more) return self->whole_(o == commit_outcome::durable);
      self->services_.exec.post(upkeep_pool, [self] { self->read(); });
    });
    t.commit();
  }

  turn_services& services_;
  callback<bool> whole_;
  const address nobody_;
  persistence::load_request page_;  // the next page; its key tells whether this was done before
};

}  // namespace

std::vector<sweeper::index> ended_instances(turn_services& s, const retention& keep) {
  std::vector<sweeper::index> all;
  const auto keep_for = [&](instance_state how, std::string name, duration kept) {
    if (kept > duration::zero()) all.push_back(kept_for(s, how, std::move(name), kept));
  };
  keep_for(instance_state::completed, "completed_instances", keep.completed);
  keep_for(instance_state::failed, "failed_instances", keep.failed);
  keep_for(instance_state::terminated, "terminated_instances", keep.terminated);
  return all;
}

void list_ended(turn_services& s, callback<bool> whole) {
  std::make_shared<listing_of_ended>(s, std::move(whole))->read();
}

}  // namespace reprise::runtime
