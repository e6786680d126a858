#include "runtime/dead_letters/crash_attribution.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/commit_log.hpp"
#include "runtime/commit/observer.hpp"
#include "runtime/dead_letters/crash_suspects.hpp"
#include "runtime/exec/executor.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

crash_attribution::crash_attribution(const parts& p, blames& known)
    : node_(p), known_(known), first_{p.store.term(), p.store.durable() + 1, 0} {}

result<> crash_attribution::run(const crash_slate::finding& found) {
  for (const auto& each : found.running)
    if (each.marked) attribute(each);
  suspect(found);
  forget_passed();
  if (unread_) return *unread_;
  if (writes_.bytes().empty()) return done;
  const std::array<persistence::batch, 1> group{std::move(writes_)};
  if (const auto written = node_.store.commit(first_.at, group); !written)
    return failure{cause::unavailable, "what crashed cannot be recorded: " + written.error().text,
                   true};
  node_.log.begin(node_.store.term(), node_.store.durable());
  return done;
}

void crash_attribution::suspect(const crash_slate::finding& found) {
  const auto record = keys::meta(suspect_list::record);
  const auto stored = pending(record);
  const auto before = stored.value ? suspect_list::decode(*stored.value) : std::nullopt;
  auto now = before.value_or(suspect_list{});
  if (found.unowned && !found.running.empty()) {
    std::vector<std::string> running;
    for (const auto& each : found.running) running.push_back(name_of(each));
    now = now.narrowed(running);
    writes_.put(record, now.encode());
    if (now.names.size() == 1)
      attribute(found.running[static_cast<std::size_t>(
          std::find(running.begin(), running.end(), now.names.front()) - running.begin())]);
    else
      node_.observer.say(
          log_level::error,
          "a thread that ran no operation, orchestration or activity ended the process; " +
              std::to_string(now.names.size()) +
              " that ran beside it go on one after the other, to find which does that");
  }
  node_.on_trial.put_on_trial(std::move(now));
}

void crash_attribution::attribute(const crash_slate::entry& e) {
  if (e.what.in == record_name::table::requests) return attribute_activity(e);
  if (e.who.kind == address_kind::actor && e.what.in != record_name::table::none)
    return attribute_message(e);
  attribute_address(e);
}

void crash_attribution::attribute_activity(const crash_slate::entry& e) {
  const auto& [term, at, step] = e.what.id;
  const auto record = keys::request(e.who.key, term, at, step);
  const auto stored = pending(record);
  auto request = stored.value ? records::decode_request(*stored.value) : std::nullopt;
  // A speculative attempt may kill the process before its request, or even its instance, is durable. Then
  // the instance is counted, and no activity starts ahead of its request while anything is blamed.
  const address instance{address_kind::instance, "", e.who.key};
  if (stored.gone()) return attribute_address({instance, e.what});
  if (!request) return;
  records::dead_letter letter;
  letter.attempt = std::move(request);
  const auto key = letter_of_activity(e.who.key, e.who.type, e.what.id);
  const auto before = std::max(counted(key), counted(letter_of(instance)));
  if (!count(key, "activity \"" + e.who.type + "\" of instance " + e.who.key, before, letter))
    return;
  writes_.erase(record);
  if (letter.attempt->deadline != time_point{})
    writes_.erase(keys::timer(letter.attempt->deadline.time_since_epoch().count(),
                              {2, "", e.who.key}, term, at, step));
  const auto& asked = *letter.attempt;
  answer({e.who.key, {term, at}, step, asked.attempt, asked.round}, {}, *letter.why);
}

void crash_attribution::attribute_message(const crash_slate::entry& e) {
  const auto& [term, at, index] = e.what.id;
  const auto owner = records::owner_of(e.who);
  const bool timer = e.what.in == record_name::table::timers;
  const auto record =
      timer ? keys::timer(e.what.due.time_since_epoch().count(), owner, term, at, index)
            : keys::message(owner, static_cast<std::uint8_t>(e.what.lane), term, at,
                            static_cast<std::uint32_t>(index));
  const auto stored = pending(record);
  if (stored.gone()) return attribute_address(e);
  if (!stored.value) return;
  const auto actor = known_.find(letter_of(e.who));
  const bool of_it = actor != known_.end() && dead_letters::never_durable(e.who, actor->second);
  const auto key = letter_of(e.who, e.what.id);
  records::dead_letter letter;
  letter.what =
      timer ? records::decode_timer(*stored.value) : records::decode_message(*stored.value);
  if (!letter.what) return;
  const auto* call = std::get_if<call_body>(&letter.what->body);
  if (!count(key,
             (call ? "operation \"" + call->operation + "\" of " : std::string("a message to ")) +
                 e.who.type + "/" + e.who.key,
             std::max(counted(key), of_it ? actor->second.crashes : 0), letter))
    return;
  writes_.erase(record);
  if (letter.what->reply) answer(*letter.what->reply, e.who, *letter.why);
}

// Counts an address as a whole. For an instance: all its messages run its code, and so does every
// activation. For an actor: a call from outside has no record that could be counted.
void crash_attribution::attribute_address(const crash_slate::entry& e) {
  records::dead_letter letter;
  letter.blamed = e.what.id;
  const bool actor = e.who.kind == address_kind::actor;
  const auto key = letter_of(e.who);
  count(key, actor ? "actor " + e.who.type + "/" + e.who.key : "instance " + e.who.key,
        counted(key), letter);
}

unsigned crash_attribution::counted(const std::string& key) const {
  const auto found = known_.find(key);
  return found == known_.end() ? 0 : found->second.crashes;
}

bool crash_attribution::count(const std::string& key, const std::string& what, unsigned before,
                              records::dead_letter& letter) {
  letter.crashes = before + 1;
  letter.at = node_.exec.now();
  const bool dead = letter.crashes >= limits::max_crashes;
  if (dead) letter.why = poison(what, letter.crashes);
  node_.observer.say(log_level::error,
                     what + " crashed the process: " + std::to_string(letter.crashes) + " of " +
                         std::to_string(limits::max_crashes) + " times" +
                         (dead ? ", it is set aside" : ""));
  const bool whole = !letter.what && !letter.attempt;
  attributed_.insert(key);
  known_[key] = {letter.crashes, letter.blamed, letter.why};
  if (dead && !whole) known_.erase(key);  // only operators ask for it, from the store
  if (dead || whole) {
    writes_.put(key, records::encode(letter));
  } else {  // the message keeps its record
    records::dead_letter count;
    count.at = letter.at;
    count.crashes = letter.crashes;
    writes_.put(key, records::encode(count));
  }
  return dead;
}

// Drops counts of earlier deaths that no durable transition could end: such a count lasts for one
// process.
void crash_attribution::forget_passed() {
  for (auto it = known_.begin(); it != known_.end();) {
    const auto where = persistence::keys::read_dead_letter(it->first);
    const bool whole = where && where->term == 0 && where->position == 0 && where->index == 0;
    const auto who = where ? records::address_of(where->to) : address{};
    const bool nothing_there =
        who.kind == address_kind::instance && pending(keys::instance(who.key)).gone();
    if (whole && !it->second.why && !attributed_.contains(it->first) &&
        (dead_letters::never_durable(who, it->second) || nothing_there)) {
      writes_.erase(it->first);
      it = known_.erase(it);
    } else {
      ++it;
    }
  }
}

void crash_attribution::answer(const reply_to& to, const address& from, const failure& why) {
  message m;
  m.sender = from;
  m.sent = node_.exec.now();
  m.body = answer_body{to.generation, to.step, why, to.attempt, {}, to.round};
  writes_.put(
      keys::message({static_cast<std::uint8_t>(address_kind::instance), "", to.instance},
                    static_cast<std::uint8_t>(lane::answers), first_.term, first_.at, index_++),
      records::encode(m));
}

std::string crash_attribution::name_of(const crash_slate::entry& e) {
  return e.what.in == record_name::table::requests
             ? letter_of_activity(e.who.key, e.who.type, e.what.id)
             : letter_of(e.who);
}

crash_attribution::reading crash_attribution::pending(const std::string& key) {
  persistence::load_request one;
  one.keys = {key};
  auto a = node_.store.read(one);
  if (!unread_ && a.error)
    unread_ = failure{cause::unavailable, "what crashed cannot be read: " + a.error->text, true};
  if (!a.corrupt.empty())
    node_.observer.say(log_level::error,
                       "a record of what crashed the process is damaged; run store check");
  if (a.error || !a.corrupt.empty()) return {};
  return {true, std::move(a.values.front())};
}

}  // namespace reprise::runtime
