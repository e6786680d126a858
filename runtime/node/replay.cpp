#include "runtime/replay.hpp"

#include <iterator>
#include <string>
#include <utility>

#include "actors/orchestration/orchestration_run.hpp"
#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "persistence/offline_reader.hpp"
#include "runtime/actor/lock_records.hpp"
#include "runtime/message/keyed_hash.hpp"
#include "runtime/message/records.hpp"
#include "runtime/node/schema_check.hpp"
#include "runtime/reading/page_reader.hpp"
#include "runtime/reading/store_failure.hpp"

namespace reprise {
namespace {

namespace keys = persistence::keys;
namespace records = runtime::records;

// Nothing is hashed here; only whether the folder's secret is readable matters.
const std::string no_secret(runtime::keyed_hash::size, '\0');

failure damaged(const std::string& what) {
  return {cause::corrupt, what + " is damaged; run store check", false};
}

// True for an end that the node recorded, not the code: a termination, or an exceeded limit.
bool is_of_the_engine(const history_event& e) {
  return e.kind == event_kind::completed && e.error &&
         (e.error->why == cause::terminated || e.error->why == cause::limit);
}

}  // namespace

class history_book::pages {
 public:
  explicit pages(std::unique_ptr<persistence::offline_reader> from) : from_(std::move(from)) {}

  persistence::load_answer read(const persistence::load_request& r) { return from_->read(r); }

  persistence::load_answer header(const std::string& id) {
    persistence::load_request one;
    one.keys = {keys::instance(id)};
    return from_->read(one);
  }

  persistence::load_answer page(std::string first, const std::string& last) {
    persistence::load_request next;
    next.first = std::move(first);
    next.last = last;
    next.max_entries = limits::replay_slice;
    return from_->read(next);
  }

  // Decodes a header and replays its history against the code.
  replay_finding replay(const std::string& id, std::string_view stored, const bindings& app) {
    replay_finding found;
    found.id = id;
    const auto header = records::decode_instance(stored);
    if (!header) {
      found.misfit = damaged("the header");
      return found;
    }
    found.orchestration = header->orchestration;
    found.state = static_cast<instance_state>(header->status);
    if (const auto* code = app.find_orchestration(header->orchestration)) {
      internal::orchestration_run run(*code, id, header->generation);
      run.undo(header->undone);
      replay(run, *header, found);
    } else {
      found.misfit = failure{
          cause::unbound,
          "no orchestration \"" + header->orchestration + "\" is bound in this program", false};
    }
    return found;
  }

 private:
  void replay(internal::orchestration_run& run, const records::instance& header,
              replay_finding& found) {
    if (auto unread = feed(run, header, found)) {
      found.misfit = std::move(unread);
      return;
    }
    run.replayed();
    if (const auto& d = run.diverged())
      found.misfit = failure{cause::diverged,
                             "event " + std::to_string(d->number) + ": the history says " +
                                 d->recorded + ", the code does " + d->taken,
                             false};
    else if (!is_terminal(found.state))
      found.waits_for = run.waiting_for();
  }

  // Returns nullopt if the whole history was read.
  std::optional<failure> feed(internal::orchestration_run& run, const records::instance& header,
                              replay_finding& found) {
    auto [first, last] =
        keys::history_range(found.id, header.generation.term, header.generation.position);
    for (bool more = true; more;) {
      const auto a = page(std::move(first), last);
      if (a.error) return failure{cause::unavailable, a.error->text, false};
      if (!a.corrupt.empty()) return damaged("the history");
      for (const auto& [key, value] : a.entries) {
        const auto where = keys::read_event(key);
        std::vector<history_event> events;
        if (!where || where->number != found.events ||
            !records::decode_events(value, where->number, events))
          return damaged("the history");
        found.events += events.size();
        for (const auto& e : events)
          if (!is_of_the_engine(e)) run.replay(e);
      }
      more = a.more;
      if (more) first = runtime::after(a);
    }
    if (found.events != header.events)
      return failure{cause::corrupt,
                     "the header counts " + std::to_string(header.events) +
                         " events, the history has " + std::to_string(found.events) +
                         "; run store check",
                     false};
    return std::nullopt;
  }

  std::unique_ptr<persistence::offline_reader> from_;
};

history_book::history_book(std::unique_ptr<pages> p) : pages_(std::move(p)) {}
history_book::~history_book() = default;

result<std::unique_ptr<history_book>> history_book::open(const std::string& folder) {
  auto from = persistence::offline_reader::open(folder);
  if (!from) return runtime::store_failure(from.error());
  return std::unique_ptr<history_book>(new history_book(std::make_unique<pages>(std::move(*from))));
}

result<folder_findings> history_book::check(const bindings& app) {
  folder_findings found;
  const auto read = [&](const persistence::load_request& r) { return pages_->read(r); };
  persistence::batch not_written;
  if (const auto secret = runtime::folder_secret(read, no_secret, not_written); !secret)
    found.misfits.push_back(secret.error().text);
  auto schemas = runtime::compare_schemas(read, app);
  if (schemas) {
    std::move(schemas->misfits.begin(), schemas->misfits.end(), std::back_inserter(found.misfits));
    found.unbound = std::move(schemas->unbound);
  } else {
    found.misfits.push_back(schemas.error().text);
  }
  if (const auto locks = runtime::read_locks(read); !locks)
    found.misfits.push_back(locks.error().text);
  return found;
}

result<replay_finding> history_book::replay(const std::string& id, const bindings& app) {
  const auto a = pages_->header(id);
  if (a.error) return failure{cause::unavailable, a.error->text, false};
  if (!a.corrupt.empty()) {
    replay_finding found;
    found.id = id;
    found.misfit = damaged("the header");
    return found;
  }
  if (!a.values.front()) return failure{cause::not_found, "no instance \"" + id + "\"", false};
  return pages_->replay(id, *a.values.front(), app);
}

result<> history_book::replay_all(const bindings& app,
                                  const std::function<void(const replay_finding&)>& found) {
  auto [first, last] = keys::instances_range();
  for (;;) {
    const auto a = pages_->page(std::move(first), last);
    if (a.error) return failure{cause::unavailable, a.error->text, false};
    for (const auto& key : a.corrupt) {
      replay_finding unread;
      unread.id = keys::read_instance(key).value_or("?");
      unread.misfit = damaged("the header");
      found(unread);
    }
    for (const auto& [key, value] : a.entries)
      found(pages_->replay(keys::read_instance(key).value_or("?"), value, app));
    if (!a.more) return done;
    first = runtime::after(a);
  }
}

}  // namespace reprise
