#include "runtime/query/listing.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <tuple>
#include <utility>

#include "actors/limits.hpp"
#include "persistence/keys.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/message/records.hpp"
#include "runtime/reading/page_reader.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

namespace {

constexpr std::size_t slice = 1'000;  // records per read
// Records per page; then the page is returned as it is, even empty.
constexpr std::size_t looked_at = 20'000;

failure not_read(const persistence::load_answer& a) {
  return {cause::unavailable, a.error->text, true};
}

bool fits(const instance_filter& f, const std::string& id, const records::instance& i) {
  const auto state = static_cast<instance_state>(i.status);
  return id.starts_with(f.prefix) && i.created >= f.created_from && i.created <= f.created_to &&
         i.updated < f.updated_before &&
         (f.states.empty() ||
          std::find(f.states.begin(), f.states.end(), state) != f.states.end()) &&
         (f.orchestration.empty() ||
          orchestration_name(i.orchestration).base == orchestration_name(f.orchestration).base);
}

class instance_list : public std::enable_shared_from_this<instance_list> {
 public:
  instance_list(record_reader& r, instance_filter f, std::size_t at_most,
                std::function<void(result<instance_page>)> told)
      : reader_(r), filter_(std::move(f)), at_most_(at_most), told_(std::move(told)) {}

  // `cursor`: the last id of the previous page.
  void begin(const std::string& cursor) {
    persistence::load_request first;
    std::tie(first.first, first.last) = keys::instances_range();
    const auto from = cursor.empty() ? filter_.prefix : cursor;
    if (!from.empty()) first.first = keys::instance(from);
    if (!cursor.empty()) first.first += '\0';
    first.max_entries = slice;
    page_reader::begin(page_reader::of(reader_), std::move(first),
                       [self = shared_from_this()](const auto&, persistence::load_answer& a) {
                         const auto more = self->use(a);
                         if (more == page_reader::then::stop) self->ended(a);
                         return more;
                       });
  }

 private:
  page_reader::then use(const persistence::load_answer& a) {
    using then = page_reader::then;
    for (const auto& [key, value] : a.entries) {
      const auto id = keys::read_instance(key);
      if (!id) continue;
      if (!id->starts_with(filter_.prefix) && *id > filter_.prefix) return then::stop;
      ++seen_;
      if (const auto header = records::decode_instance(value);
          header && fits(filter_, *id, *header))
        add(*id, *header);
      if (page_.instances.size() == at_most_) {
        page_.next = *id;
        return then::stop;
      }
    }
    if (a.error || !a.more) return then::stop;
    if (seen_ < looked_at) return then::go_on;
    page_.next = keys::read_instance(a.entries.back().first).value_or("");
    return then::stop;
  }

  void ended(const persistence::load_answer& a) {
    if (a.error) return told_(not_read(a));
    inputs();
  }

  void add(const std::string& id, const records::instance& header) {
    auto& one = page_.instances.emplace_back();
    one.id = id;
    one.orchestration = header.orchestration;
    one.state = static_cast<instance_state>(header.status);
    one.created = header.created;
    one.updated = header.updated;
    one.due = header.due;
    one.custom_status = header.custom_status;
    one.outcome = header.outcome;
    one.finding = header.finding;
    one.generation = header.generation;
  }

  // Reads each instance's input from its first event.
  void inputs() {
    if (page_.instances.empty()) return told_(std::move(page_));
    persistence::load_request events;
    for (const auto& one : page_.instances)
      events.keys.push_back(keys::event(one.id, one.generation.term, one.generation.position, 0));
    reader_.load(std::move(events), [self = shared_from_this()](persistence::load_answer a) {
      if (a.error) return self->told_(not_read(a));
      for (std::size_t i = 0; i < a.values.size(); ++i) {
        std::vector<history_event> first;
        if (a.values[i] && records::decode_events(*a.values[i], 0, first) && !first.empty())
          self->page_.instances[i].input = std::move(first.front().value);
      }
      self->told_(std::move(self->page_));
    });
  }

  record_reader& reader_;
  const instance_filter filter_;
  const std::size_t at_most_;
  const std::function<void(result<instance_page>)> told_;
  std::size_t seen_ = 0;
  instance_page page_;
};

// Purges slice by slice: lists a page, sends a purge to each instance, continues when all have
// answered.
class purge_sweep : public std::enable_shared_from_this<purge_sweep> {
 public:
  purge_sweep(turn_services& s, instance_filter f, time_point until,
              std::function<void(result<purge_report>)> told)
      : services_(s), filter_(std::move(f)), until_(until), told_(std::move(told)) {}

  void next(std::string cursor) {
    list_instances(services_.reader, filter_, std::move(cursor), slice,
                   [self = shared_from_this()](result<instance_page> page) {
                     if (!page) return self->told_(page.error());
                     self->purge(std::move(*page));
                   });
  }

 private:
  void purge(instance_page page) {
    next_ = std::move(page.next);
    waiting_ = page.instances.size() + 1;
    for (const auto& one : page.instances) {
      auto m = std::make_unique<message>();
      m->id = services_.ids.next();
      m->to = {address_kind::instance, "", one.id};
      m->body = purge_body{false, one.generation};
      m->lane = lane_of(*m);
      m->done = callback<result<payload>>([self = shared_from_this()](result<payload> r) {
        if (r)
          ++self->purged_;
        else if (r.error().retryable)  // no room, a full mailbox, or a failed read
          self->some_are_left_ = true;
        self->answered();
      });
      services_.router.deliver(std::move(m));
    }
    answered();
  }

  void answered() {
    if (--waiting_ != 0) return;
    if (next_.empty() || services_.now() >= until_ || !services_.admission.is_ready())
      return told_(purge_report{purged_, next_.empty() && !some_are_left_});
    // Posted: an answer may come at once, and the stack would grow with the slices.
    services_.exec.post(upkeep_pool, [self = shared_from_this()] { self->next(self->next_); });
  }

  turn_services& services_;
  const instance_filter filter_;
  const time_point until_;
  const std::function<void(result<purge_report>)> told_;
  std::string next_;
  std::atomic<std::size_t> waiting_{0};
  std::atomic<std::uint64_t> purged_{0};
  std::atomic<bool> some_are_left_{false};
};

}  // namespace

void list_instances(record_reader& reader, instance_filter f, std::string cursor,
                    std::size_t at_most, std::function<void(result<instance_page>)> told) {
  std::make_shared<instance_list>(reader, std::move(f), std::max<std::size_t>(at_most, 1),
                                  std::move(told))
      ->begin(cursor);
}

void list_actors(record_reader& reader, std::string type, std::string prefix, std::string cursor,
                 std::size_t at_most, std::function<void(result<actor_page>)> told) {
  persistence::load_request page;
  page.first = keys::actor(type, cursor.empty() ? prefix : cursor);
  if (!cursor.empty()) page.first += '\0';
  page.last = keys::actors_range(type).second;
  page.max_entries = std::max<std::size_t>(at_most, 1);
  reader.load(std::move(page), [prefix = std::move(prefix),
                                told = std::move(told)](persistence::load_answer a) {
    if (a.error) return told(not_read(a));
    actor_page found;
    for (const auto& [key, value] : a.entries) {
      const auto where = keys::read_actor(key);
      if (!where || !where->key.starts_with(prefix)) return told(std::move(found));
      if (auto record = records::decode_actor(value))
        found.actors.push_back({where->key, {record->updated, std::move(record->state)}});
      if (a.more) found.next = where->key;
    }
    told(std::move(found));
  });
}

void purge_instances(turn_services& s, instance_filter f, time_point until,
                     std::function<void(result<purge_report>)> told) {
  const bool any = f.states.empty();
  std::erase_if(f.states, [](instance_state one) { return !is_terminal(one); });
  // Only unfinished states were requested.
  if (!any && f.states.empty()) return told(purge_report{});
  if (any)
    f.states = {instance_state::completed, instance_state::failed, instance_state::terminated};
  std::make_shared<purge_sweep>(s, std::move(f), until, std::move(told))->next("");
}

}  // namespace reprise::runtime
