#include "runtime/dead_letters/dead_letters.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/dead_letters/crash_attribution.hpp"
#include "runtime/reading/page_reader.hpp"
#include "runtime/reading/store_failure.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

namespace {

std::string bytes(std::string_view hex) {
  std::string out;
  for (; hex.size() >= 2; hex.remove_prefix(2)) {
    unsigned char c = 0;
    if (std::from_chars(hex.data(), hex.data() + 2, c, 16).ptr != hex.data() + 2) return {};
    out += static_cast<char>(c);
  }
  return hex.empty() ? out : std::string();
}

bool is_activity(const keys::stored_owner& o) { return o.kind == keys::activity_owner; }
address who_of(const keys::stored_owner& o) {
  if (is_activity(o)) return {address_kind::instance, "", o.key};
  return records::address_of(o);
}

dead_letter shown(const std::string& key, const keys::dead_letter_key& where,
                  const records::dead_letter& letter) {
  dead_letter l;
  l.id = dead_letters::id_of(key);
  l.who = who_of(where.to);
  l.why = *letter.why;
  l.since = letter.at;
  l.crashes = letter.crashes;
  if (letter.attempt) {
    l.kind = dead_letter_kind::activity;
    l.name = letter.attempt->what.name;
    l.input = letter.attempt->what.value;
  } else if (letter.what) {
    l.kind = dead_letter_kind::message;
    if (const auto* call = std::get_if<call_body>(&letter.what->body)) {
      l.name = call->operation;
      l.input = call->input;
    }
  } else {
    l.kind = dead_letter_kind::address;
  }
  return l;
}

failure no_letter() {
  return {cause::not_found, "there is no such dead letter, or somebody else has it in hand", false};
}

result<records::dead_letter> letter_in(const persistence::load_answer& a) {
  if (a.error) return store_failure(*a.error);
  if (a.corrupt.empty() && !a.values.front()) return no_letter();
  auto letter = a.corrupt.empty() ? records::decode_dead_letter(*a.values.front()) : std::nullopt;
  if (!letter) return failure{cause::corrupt, "the dead letter is damaged; run store check", false};
  if (!letter->why) return no_letter();
  return *std::move(letter);
}

}  // namespace

std::string letter_of(const address& whole) { return letter_of(whole, {}); }
std::string letter_of(const address& to, const message_id& id) {
  return keys::dead_letter(records::owner_of(to), id.term, id.at,
                           static_cast<std::uint32_t>(id.index));
}
std::string letter_of_activity(const std::string& instance, const std::string& activity,
                               const message_id& id) {
  return keys::dead_letter({keys::activity_owner, activity, instance}, id.term, id.at,
                           static_cast<std::uint32_t>(id.index));
}

failure poison(std::string what, unsigned crashes) {
  return {
      cause::poison,
      what + " was set aside after it crashed the process " + std::to_string(crashes) + " times",
      false};
}

std::string dead_letters::id_of(const std::string& key) {
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char c : key) (hex += digits[c >> 4]) += digits[c & 15];
  return hex;
}

result<> dead_letters::recover() {
  if (auto read = read_known(); !read) return read;
  auto* const slate = services_.slate;
  if (!slate || std::exchange(settled_, true)) return done;
  std::lock_guard lock(mutex_);
  crash_attribution over({services_.exec, services_.log, services_.observer, store_, on_trial_},
                         known_);
  auto held = over.run(slate->read());
  if (held) slate->wipe();
  any_ = !known_.empty();
  return held;
}

result<> dead_letters::read_known() {
  std::lock_guard lock(mutex_);
  known_.clear();
  persistence::load_request page;
  std::tie(page.first, page.last) = keys::dead_letters_range();
  for (;;) {
    const auto a = store_.read(page);
    if (a.error) return store_failure(*a.error);
    for (const auto& [key, value] : a.entries) {
      auto letter = records::decode_dead_letter(value);
      if (!letter) {
        services_.observer.say(log_level::error, "a dead letter is damaged; run store check");
        continue;
      }
      if (letter->why && (letter->what || letter->attempt))
        continue;  // only operators ask for it, from the store
      known_[key] = {letter->crashes, letter->blamed, std::move(letter->why)};
    }
    if (!next_page(page, a)) break;
  }
  any_ = !known_.empty();
  return done;
}

std::optional<failure> dead_letters::refusal(const address& who) const {
  if (!any()) return std::nullopt;
  std::lock_guard lock(mutex_);
  const auto found = known_.find(letter_of(who));
  return found == known_.end() ? std::nullopt : found->second.why;
}

bool dead_letters::blames(const address& who) const {
  if (!any()) return false;
  std::lock_guard lock(mutex_);
  return known_.contains(letter_of(who));
}

bool dead_letters::never_durable(const address& who, const blame& b) {
  return who.kind == address_kind::actor && b.blamed.term != 0 && !b.why;
}

bool dead_letters::waits_for_disk(const address& who) const {
  if (!any()) return false;
  std::lock_guard lock(mutex_);
  const auto found = known_.find(letter_of(who));
  return found != known_.end() && never_durable(who, found->second);
}

bool dead_letters::erase(transition& t, const std::string& key) {
  if (known_.erase(key) == 0) return false;
  t.erase(key);
  any_ = !known_.empty();
  return true;
}

void dead_letters::consumed(transition& t, const address& self, const message& m) {
  // A start runs no code of the instance yet.
  if (!any() || std::holds_alternative<start_body>(m.body)) return;
  const bool actor = self.kind == address_kind::actor;
  const bool recorded = m.durable || m.from_timer;
  std::lock_guard lock(mutex_);
  if (actor && recorded) erase(t, letter_of(self, m.id));
  const auto key = letter_of(self);
  const auto found = known_.find(key);
  if (found == known_.end() || found->second.why) return;
  // A crash in a replay is passed by any message after it. A crash in a recorded message is passed when
  // that message is consumed. One from outside is not delivered again, so another message stands for
  // it.
  const auto& blamed = found->second.blamed;
  const bool passed = blamed == message_id{} ? true
                      : blamed.term != 0     ? blamed == m.id
                                             : !(actor && recorded);
  if (passed) erase(t, key);
}

void dead_letters::closed(transition& t, const std::string& instance, const generation& g,
                          const history_event& step) {
  if (!any() || step.kind != event_kind::activity) return;
  std::lock_guard lock(mutex_);
  erase(t, letter_of_activity(instance, step.name, {g.term, g.position, step.number}));
}

void dead_letters::ended(transition& t, const address& instance) {
  if (!any()) return;
  std::lock_guard lock(mutex_);
  erase(t, letter_of(instance));
}

void dead_letters::lift(const std::string& key) {
  std::lock_guard lock(mutex_);
  known_.erase(key);
  any_ = !known_.empty();
}

void dead_letters::list(std::string after, std::function<void(result<dead_letter_page>)> told) {
  persistence::load_request page;
  std::tie(page.first, page.last) = keys::dead_letters_range();
  if (!after.empty()) {
    const auto last = bytes(after);
    if (!keys::read_dead_letter(last))
      return told(failure{cause::invalid, "\"" + after + "\" is no place in this list", false});
    page.first = last + '\0';
  }
  page.max_entries = 100;
  services_.reader.load(std::move(page), [told = std::move(told)](persistence::load_answer a) {
    if (a.error) return told(failure{cause::unavailable, a.error->text, true});
    dead_letter_page out;
    for (const auto& [key, value] : a.entries) {
      const auto where = keys::read_dead_letter(key);
      const auto letter = records::decode_dead_letter(value);
      if (where && letter && letter->why) out.letters.push_back(shown(key, *where, *letter));
    }
    if (a.more) out.next = id_of(a.entries.back().first);
    told(std::move(out));
  });
}

// Reads the letter and reserves it: two concurrent calls must not both put it back.
void dead_letters::with(const std::string& id, const when_settled& tell, use then) {
  const auto key = bytes(id);
  if (!keys::read_dead_letter(key)) return tell(no_letter());
  if (!services_.admission.admits()) return tell(services_.admission.refusal());
  {
    std::lock_guard lock(mutex_);
    if (!in_hand_.insert(key).second) return tell(no_letter());
  }
  persistence::load_request one;
  one.keys = {key};
  services_.reader.load(std::move(one),
                        [this, key, tell, then = std::move(then)](persistence::load_answer a) {
                          auto letter = letter_in(a);
                          if (letter) return then(*std::move(letter), key);
                          let_go(key);
                          tell(letter.error());
                        });
}

void dead_letters::let_go(const std::string& key) {
  std::lock_guard lock(mutex_);
  in_hand_.erase(key);
}

// Removes the record and forwards the message, if there is one, in one transition. `then` and `tell`
// are called when that is durable.
void dead_letters::settle(const std::string& key, message_ptr back, std::function<void()> then,
                          when_settled tell) {
  const auto who = who_of(keys::read_dead_letter(key)->to);
  transition t(services_, who, services_.now());
  auto close = [this, key, tell = std::move(tell), then = std::move(then)](commit_outcome o) {
    if (o == commit_outcome::durable && then) then();
    let_go(key);
    const auto r = settled(o, payload{});
    tell(r ? result<>(done) : result<>(r.error()));
  };
  if (!t.open(services_.log.epoch())) return close(commit_outcome::not_applied);
  t.erase(key);
  if (back) {
    back->to = who;
    t.forward(std::move(back));
  }
  t.leave(std::move(close));
  t.commit();
}

void dead_letters::retry(std::string id, when_settled tell) {
  with(id, tell, [this, tell](records::dead_letter letter, const std::string& key) {
    const auto where = *keys::read_dead_letter(key);
    const auto who = who_of(where.to);
    std::function<void()> then;
    if (letter.attempt)
      then = [this, who, g = generation{where.term, where.position}, step = where.index,
              what = *letter.attempt] { services_.activities.start(who.key, g, step, what); };
    else if (!letter.what)
      then = [this, key, who] {
        lift(key);
        if (who.kind == address_kind::instance) deliver(who, resume_body{}, {});
      };
    settle(key, std::move(letter.what), std::move(then), tell);
  });
}

// A set-aside instance is terminated, which removes its record; an actor goes on.
void dead_letters::drop(std::string id, when_settled tell) {
  with(id, tell, [this, tell](const records::dead_letter& letter, const std::string& key) {
    if (letter.what || letter.attempt) return settle(key, nullptr, {}, tell);
    const auto who = who_of(keys::read_dead_letter(key)->to);
    if (who.kind == address_kind::actor)
      return settle(
          key, nullptr, [this, key] { lift(key); }, tell);
    deliver(who, terminate_body{letter.why->text}, [this, key, tell](result<payload> r) {
      const bool none = !r && (r.error().why == cause::not_found || r.error().why == cause::gone);
      if (none)
        return settle(
            key, nullptr, [this, key] { lift(key); }, tell);
      let_go(key);
      tell(r ? result<>(done) : result<>(r.error()));
    });
  });
}

void dead_letters::deliver(const address& to, message_body body,
                           std::function<void(result<payload>)> tell) {
  auto m = std::make_unique<message>();
  m->id = services_.ids.next();
  m->to = to;
  m->body = std::move(body);
  m->lane = lane_of(*m);
  if (tell) m->done = outside(std::move(tell));
  services_.router.deliver(std::move(m));
}

}  // namespace reprise::runtime
