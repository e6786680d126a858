#include "runtime/query/instance_reader.hpp"

#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "persistence/keys.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/message/records.hpp"
#include "runtime/reading/page_reader.hpp"
#include "runtime/reading/store_failure.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

namespace {

failure damaged_instance(const std::string& id) {
  return {cause::corrupt, "a record of instance \"" + id + "\" is damaged; run store check", false};
}

// One reading: the header, then pages of history. If events that the header promises are missing, the
// instance was replaced meanwhile, and the reading restarts. If the header is still the same then,
// nothing was replaced: a page of the tables is damaged and leads past the history.
class reading : public std::enable_shared_from_this<reading> {
 public:
  reading(turn_services& s, std::string id, with_history how,
          std::function<void(result<instance_status>)> told)
      : services_(s), id_(std::move(id)), how_(how), told_(std::move(told)) {}

  void begin() {
    persistence::load_request header;
    header.keys = {keys::instance(id_)};
    services_.reader.load(
        std::move(header),
        [self = shared_from_this()](persistence::load_answer a) { self->header(std::move(a)); });
  }

 private:
  // The fault may be temporary.
  failure not_read(const persistence::fault& why) const {
    if (why.code == persistence::errc::corrupt) return damaged_instance(id_);
    return store_failure(why);
  }

  void header(persistence::load_answer a) {
    if (a.error) return told_(not_read(*a.error));
    if (!a.corrupt.empty()) return told_(damaged_instance(id_));
    if (!a.values.front())
      return told_(failure{cause::not_found, "no instance \"" + id_ + "\"", false});
    auto found = records::decode_instance(*a.values.front());
    if (!found) return told_(damaged_instance(id_));
    generation_ = found->generation;
    events_ = found->events;
    status_.id = id_;
    status_.generation = generation_;
    status_.undone = std::move(found->undone);
    status_.due = found->due;
    status_.orchestration = std::move(found->orchestration);
    status_.state = static_cast<instance_state>(found->status);
    // Attempts that an ended instance has cancelled may still run; nobody waits for them.
    if (!is_terminal(status_.state)) status_.activities = services_.activities.of(id_);
    status_.created = found->created;
    status_.updated = found->updated;
    status_.custom_status = std::move(found->custom_status);
    status_.outcome = std::move(found->outcome);
    status_.finding = std::move(found->finding);
    status_.history.clear();
    persistence::load_request first;
    std::tie(first.first, first.last) =
        keys::history_range(id_, generation_.term, generation_.position);
    first.max_entries = how_ == with_history::yes ? 1000 : 1;
    page_reader::begin(page_reader::of(services_.reader), std::move(first),
                       [self = shared_from_this()](const auto&, persistence::load_answer& page) {
                         return self->history(page);
                       });
  }

  page_reader::then history(const persistence::load_answer& a) {
    if (a.error) {
      told_(not_read(*a.error));
      return page_reader::then::stop;
    }
    auto& events = status_.history;
    bool whole = a.corrupt.empty();
    for (const auto& [key, value] : a.entries)
      whole = whole && records::decode_events(value, events.size(), events);
    if (whole && a.more && how_ == with_history::yes) return page_reader::then::go_on;
    if (whole)
      ended();
    else
      told_(damaged_instance(id_));
    return page_reader::then::stop;
  }

  void ended() {
    auto& events = status_.history;
    if (events.empty()) return missing();
    status_.input = events.front().value;
    if (how_ == with_history::no)
      events.clear();
    else if (events.size() < events_)
      return missing();
    // Further events were committed after the header was read.
    if (events.size() > events_) events.resize(events_);
    told_(std::move(status_));
  }

  void missing() {
    const std::pair promised(generation_, events_);
    if (missed_ == promised) return told_(damaged_instance(id_));
    missed_ = promised;
    begin();
  }

  turn_services& services_;
  const std::string id_;
  const with_history how_;
  const std::function<void(result<instance_status>)> told_;
  generation generation_;
  std::uint64_t events_ = 0;
  // Promised by the header, but missing.
  std::optional<std::pair<generation, std::uint64_t>> missed_;
  instance_status status_;
};

}  // namespace

void load_status(turn_services& s, std::string id, with_history how,
                 std::function<void(result<instance_status>)> told) {
  std::make_shared<reading>(s, std::move(id), how, std::move(told))->begin();
}

}  // namespace reprise::runtime
