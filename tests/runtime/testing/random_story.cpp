#include "tests/runtime/testing/random_story.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <random>

#include "examples/approval/approval.hpp"
#include "examples/flaky/flaky.hpp"
#include "examples/shop/shop.hpp"
#include "persistence/testing/faulty_store.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/witness.hpp"
#include "tests/support/world.hpp"

namespace reprise::testing {
namespace {

using namespace std::chrono_literals;
using parts::number;
using persistence::internal::faulty_store;
using persistence::internal::mishap;
namespace shop = examples::shop;
namespace approval = examples::approval;
namespace flaky = examples::flaky;

// A request on its way. With a key it is asked again until it has a real answer; without one it is asked
// once, and what became of it may stay unknown.
struct errand_of_client {
  using told = std::function<void(result<payload>)>;
  std::function<void(node&, ask_options, told)> ask;
  std::string key;
  std::function<void(const result<payload>&)> settled;  // the real answer
  std::function<void()> lost;                           // nobody knows
  std::shared_ptr<std::optional<result<payload>>> slot;
};

class story {
 public:
  explicit story(std::uint64_t seed)
      : chance_(seed * 2654435761u + 17),
        world_(seed, seed % 5 == 0 ? disk::lmdb : disk::memory, parts::bound_with_examples,
               world::begins::down) {}

  story_end tell();

 private:
  std::uint64_t draw(std::uint64_t below) { return chance_() % below; }
  void wrong(std::string what) { end_.wrong.push_back(std::move(what)); }

  void open();
  void die();
  void steps(std::uint64_t n);
  void guarded(const std::function<void()>& what);
  void send(errand_of_client);
  void look_after();  // at what was asked: settles it, or asks again

  void something_new();
  void add();
  void order();
  void spread();
  void write();
  void stumble();
  void decide();
  void nap();
  void wipe();
  void move();
  void terminate(const std::string& id);
  void kept(const std::string& what, const request&, std::function<void(const result<payload>&)>);
  void start(const std::string& key, const request&, std::function<void(const result<payload>&)>);
  void raise(const std::string& key, const request&, std::function<void(const result<payload>&)>);

  void make_peace();
  void check_books();
  template <class Call>
  typename Call::answer get(const Call& c) {
    return *world_.get(c);
  }
  template <class T>
  std::optional<value<T>> outcome(const std::string& id);

  std::mt19937_64 chance_;
  witness saw_;
  world world_;
  story_end end_;
  std::vector<errand_of_client> out_;
  bool peace_ = false;
  std::uint64_t named_ = 0;

  // The books.
  std::map<std::string, number> added_, maybe_added_;
  number wiped_ = 0, for_wiping_ = 0, naps_ = 0, written_ = 0;
  std::vector<std::string> orders_, stumbles_, approvals_, terminated_, moves_;
  number moved_among_ = 0;
};

void story::open() {
  persistence::internal::mishap_plan plan;
  if (!peace_ && draw(3) == 0) {
    plan.commit = 2 + draw(40);
    plan.how = static_cast<mishap>(1 + draw(5));
    plan.failing_probes = draw(3);
  }
  world_.wrap(
      [plan](std::unique_ptr<persistence::store> inner) -> std::unique_ptr<persistence::store> {
        return std::make_unique<faulty_store>(std::move(inner), plan);
      });
  world_.bind(!peace_ && draw(6) == 0 ? parts::bound_without_checkout : parts::bound_with_examples);
  world_.memory(draw(3) == 0 ? 1 : std::size_t{512} << 20);
  world_.open();
  saw_.look(world_);
}

void story::die() {
  ++end_.deaths;
  end_.steps += world_.up() ? world_.executor().steps() : 0;
  world_.crash();
  saw_.killed();
  open();
}

void story::guarded(const std::function<void()>& what) {
  try {
    what();
  } catch (const persistence::internal::injected_crash&) {
    die();
  }
  if (world_.at().state() == node_state::failed) die();
}

void story::steps(std::uint64_t n) {
  guarded([&] {
    for (; n > 0 && world_.step(); --n) {
    }
  });
}

void story::send(errand_of_client e) {
  if (!e.slot) {
    ++end_.requests;
    e.slot = std::make_shared<std::optional<result<payload>>>();
  }
  e.slot->reset();
  ask_options o;
  if (!e.key.empty()) o.once = idempotency{"client", e.key, 1};
  e.ask(world_.at(), std::move(o), [slot = e.slot](result<payload> r) { *slot = std::move(r); });
  out_.push_back(std::move(e));
}

void story::look_after() {
  auto waiting = std::exchange(out_, {});
  for (auto& e : waiting) {
    if (!*e.slot) {
      out_.push_back(std::move(e));
      continue;
    }
    const auto answer = **e.slot;
    const auto why = answer ? cause::rejected : answer.error().why;
    const bool refused =
        why == cause::unavailable || why == cause::overloaded || why == cause::unbound;
    if (!refused && why != cause::unknown_outcome) {
      e.settled(answer);
    } else if (!e.key.empty()) {
      e.slot = std::make_shared<std::optional<result<payload>>>();
      send(std::move(e));
    } else if (!refused) {
      e.lost();
    }
  }
}

void story::kept(const std::string& key, const request& what,
                 std::function<void(const result<payload>&)> settled) {
  send({[what](node& n, ask_options o, errand_of_client::told t) {
          n.perform(what, std::move(o), std::move(t));
        },
        key, std::move(settled), [] {}, nullptr});
}

void story::start(const std::string& key, const request& what,
                  std::function<void(const result<payload>&)> settled) {
  send({[what](node& n, ask_options o, errand_of_client::told t) {
          n.start(what, std::move(o), [t = std::move(t)](result<std::string> id) {
            if (id)
              t(payload(*id));
            else
              t(id.error());
          });
        },
        key, std::move(settled), [] {}, nullptr});
}

void story::raise(const std::string& key, const request& what,
                  std::function<void(const result<payload>&)> settled) {
  send({[what](node& n, ask_options o, errand_of_client::told t) {
          n.instances().raise(what, std::move(o), [t = std::move(t)](result<> r) {
            if (r)
              t(payload());
            else
              t(r.error());
          });
        },
        key, std::move(settled), [] {}, nullptr});
}

void story::add() {
  const auto to = "t" + std::to_string(draw(4));
  const auto n = static_cast<number>(1 + draw(9));
  const auto what = parts::add(to, n).what();
  if (draw(2) == 0)
    return kept("add" + std::to_string(++named_), what, [=, this](const auto& r) {
      if (r)
        added_[to] += n;
      else
        wrong("an add was answered: " + r.error().text);
    });
  send({[what](node& at, ask_options o, errand_of_client::told t) {
          at.perform(what, std::move(o), std::move(t));
        },
        "",
        [=, this](const auto& r) {
          if (r) added_[to] += n;
        },
        [=, this] { maybe_added_[to] += n; }, nullptr});
}

void story::order() {
  const auto id = "order-" + std::to_string(++named_);
  const bool decline = draw(4) == 0;
  const auto order = make<shop::Order>([&](auto o) {
    auto lines = o.initLines(2);
    for (unsigned i = 0; i < 2; ++i) {
      lines[i].setSku(i == 0 ? "tea" : "cup");
      lines[i].setQuantity(1);
    }
    o.setDecline(decline);
  });
  start(id, shop::checkout.as(id, order).what(), [=, this](const auto& r) {
    if (!r) return wrong(id + " was not begun: " + r.error().text);
    orders_.push_back(id);
    if (draw(3) == 0) return;  // silence: refunded after a day
    const bool approved = draw(3) != 0;
    raise("v" + id, shop::verdict.to(id, [&](auto v) { v.setApproved(approved); }),
          [=, this](const auto& said) {
            if (!said && said.error().why != cause::gone) wrong("a verdict: " + said.error().text);
          });
  });
  if (draw(3) == 0) {
    const auto sku = draw(2) == 0 ? "tea" : "cup";
    kept("more" + std::to_string(++named_),
         shop::restock(sku, [](auto a) { a.setQuantity(3); }).what(), [=, this](const auto& r) {
           if (r) added_[sku] += 3;
         });
  }
}

void story::spread() {
  kept("spread" + std::to_string(++named_),
       parts::spread("h", parts::numbers{1 + static_cast<number>(draw(3)), 6, 2}).what(),
       [this](const auto& r) {
         if (!r) wrong("a spread: " + r.error().text);
       });
}

// Entries of one sheet, with scans between that must not show less than was answered before them.
void story::write() {
  kept("write" + std::to_string(++named_),
       parts::bump("page", "line" + std::to_string(draw(9))).what(), [this](const auto& r) {
         if (r)
           ++written_;
         else
           wrong("a write: " + r.error().text);
       });
  kept("", parts::total("page").what(), [this, least = written_](const auto& r) {
    if (r && **codec<number>::decode(*r) < least) wrong("a scan shows less than was written");
  });
}

void story::stumble() {
  const auto id = "flaky-" + std::to_string(++named_);
  const auto plan = make<flaky::Plan>([&](auto p) {
    p.setFailures(static_cast<std::uint32_t>(draw(4)));
    p.setAttempts(4);
  });
  start(id, flaky::flaky.as(id, plan).what(), [=, this](const auto& r) {
    if (r)
      stumbles_.push_back(id);
    else
      wrong(id + ": " + r.error().text);
  });
}

void story::decide() {
  const auto id = "approval-" + std::to_string(++named_);
  const auto within = make<approval::Request>(
      [&](auto r) { r.setTimeoutSeconds(static_cast<std::uint32_t>(1 + draw(7'200))); });
  start(id, approval::approval.as(id, within).what(), [=, this](const auto& r) {
    if (!r) return wrong(id + ": " + r.error().text);
    approvals_.push_back(id);
    if (draw(3) != 0) return;
    terminate(id);
  });
}

void story::terminate(const std::string& id) {
  send({[id](node& n, ask_options o, errand_of_client::told t) {
          n.instances().terminate(id, {"enough"}, std::move(o),
                                  [t = std::move(t)](result<> done_or) {
                                    if (done_or)
                                      t(payload());
                                    else
                                      t(done_or.error());
                                  });
        },
        "end" + id,
        [=, this](const auto& said) {
          if (said)
            terminated_.push_back(id);
          else if (said.error().why != cause::gone)
            wrong("terminate: " + said.error().text);
        },
        [] {}, nullptr});
}

// Few ids: ended ones begin again, running ones are refused.
void story::nap() {
  const auto id = "nap-" + std::to_string(draw(3));
  start("nap" + std::to_string(++named_),
        parts::nap.as(id, static_cast<number>(1 + draw(90))).what(), [this](const auto& r) {
          if (r)
            ++naps_;
          else if (r.error().why != cause::exists)
            wrong("nap: " + r.error().text);
        });
}

void story::wipe() {
  const auto key = "w" + std::to_string(++named_);
  if (draw(3) != 0)
    return kept(key, parts::add("w", number{2}).what(), [this](const auto& r) {
      if (r)
        for_wiping_ += 2;
      else
        wrong("an add before a wipe: " + r.error().text);
    });
  kept(key, parts::wipe("w").what(), [this](const auto& r) {
    if (r)
      wiped_ += **codec<number>::decode(*r);
    else
      wrong("a wipe: " + r.error().text);
  });
}

// Critical sections over three tallies: transfers, strangers, and some that only hold and end somehow.
void story::move() {
  if (moved_among_ < 3'000) return;  // there is nothing to move yet
  const auto id = "move-" + std::to_string(++named_);
  const auto from = draw(3), to = (from + 1 + draw(2)) % 3;
  const parts::names ends{"m" + std::to_string(from), "m" + std::to_string(to)};
  const auto begun = [=, this](const result<payload>& r) {
    if (!r) wrong(id + ": " + r.error().text);
    return static_cast<bool>(r);
  };
  switch (draw(5)) {
    case 0:
      return kept(id, parts::add(ends[0], number{4}).what(), [=, this](const auto& r) {
        if (begun(r)) moved_among_ += 4;
      });
    case 1:
      return start(id, parts::hold.as(id, ends).what(), [=, this](const auto& r) {
        if (!begun(r)) return;
        if (draw(2) == 0) return terminate(id);
        raise("n" + id, parts::nudge.to(id, number{1}), [](const auto&) {});
      });
    default:
      return start(id, parts::transfer.as(id, ends).what(), [=, this](const auto& r) {
        if (begun(r)) moves_.push_back(id);
      });
  }
}

void story::something_new() {
  switch (draw(13)) {
    case 0:
      return order();
    case 1:
      return spread();
    case 2:
      return stumble();
    case 3:
      return decide();
    case 4:
      return nap();
    case 5:
      return wipe();
    case 6:
      return write();
    case 7:
    case 8:
      return move();
    default:
      return add();
  }
}

void story::make_peace() {
  peace_ = true;
  die();
  for (int round = 0; round < 200 && !out_.empty(); ++round) {
    guarded([&] { world_.run(); });
    look_after();
    guarded([&] { world_.advance(1s); });
  }
  if (!out_.empty()) wrong("a request has no answer: " + out_.front().key);
  guarded([&] { world_.advance(50h); });
}

template <class T>
std::optional<value<T>> story::outcome(const std::string& id) {
  const auto s = world_.status(id);
  if (!s || !*s) {
    wrong(id + " was begun and is not there");
    return std::nullopt;
  }
  if (!(*s)->outcome) {
    wrong(id + " has not ended");
    return std::nullopt;
  }
  if (!*(*s)->outcome) return std::nullopt;
  return *codec<T>::decode(**(*s)->outcome);
}

void story::check_books() {
  for (int i = 0; i < 4; ++i) {
    const auto key = "t" + std::to_string(i);
    const auto is = get(parts::read(key));
    if (is < added_[key] || is > added_[key] + maybe_added_[key])
      wrong(key + " is " + std::to_string(is) + ", acknowledged " + std::to_string(added_[key]) +
            ", perhaps " + std::to_string(maybe_added_[key]) + " more");
  }
  number confirmed = 0;
  for (const auto& id : orders_)
    if (const auto o = outcome<shop::Outcome>(id))
      confirmed += std::string((*o)->getText().cStr()) == "confirmed";
  for (const auto* sku : {"tea", "cup"}) {
    const auto grant = world_.get(shop::get(sku, make<shop::Ask>([](auto) {})));
    if (grant->getLeft() + confirmed != added_[sku])
      wrong(std::string(sku) + ": " + std::to_string(grant->getLeft()) + " left, " +
            std::to_string(confirmed) + " sold, of " + std::to_string(added_[sku]));
  }
  for (const auto& id : stumbles_)
    if (!outcome<flaky::Report>(id)) wrong(id + " failed");
  for (const auto& id : approvals_) static_cast<void>(outcome<approval::Answer>(id));
  for (const auto& id : terminated_)
    if ((*world_.status(id))->state != instance_state::terminated)
      wrong(id + " was terminated and is not");
  if (const auto woken = get(parts::read("woken")); woken != naps_)
    wrong(std::to_string(naps_) + " naps were begun, " + std::to_string(woken) + " woke");
  if (const auto left = get(parts::read("w")); left + wiped_ != for_wiping_)
    wrong("wiped " + std::to_string(wiped_) + " and left " + std::to_string(left) + " of " +
          std::to_string(for_wiping_));
  if (const auto all = get(parts::total("page")); all != written_)
    wrong("wrote " + std::to_string(written_) + " times, the page says " + std::to_string(all));
  for (const auto& id : moves_)
    if (const auto between = outcome<number>(id); !between)
      wrong(id + " failed: " + (*world_.status(id))->outcome->error().text);
    else if (**between != 0)
      wrong("somebody came between the steps of " + id);
  if (const auto all = get(parts::read("m0")) + get(parts::read("m1")) + get(parts::read("m2"));
      all != moved_among_)
    wrong("moved " + std::to_string(moved_among_) + " to and fro, there are " +
          std::to_string(all));
  number seen = 0;
  for (const auto* key : {"in-0", "in-1"}) {
    const auto one = get(parts::seen(key));
    seen += one[0];
    if (one[1] != 0) wrong(std::string(key) + " got something out of order");
  }
  // A tell that has no effect is one of nobody: the hub's own number says how many it sent.
  if (const auto sent = get(parts::spread("h", parts::numbers{1, 0, 2})); sent != seen)
    wrong("sent " + std::to_string(sent) + ", came " + std::to_string(seen));
  world_.run();
  if (const auto left = world_.waiting_records(); left != 0)
    wrong(std::to_string(left) + " records are left");
  for (auto& w : saw_.complaints(world_)) wrong(std::move(w));
}

story_end story::tell() {
  saw_.forgive_repeats();
  open();
  for (const auto* sku : {"tea", "cup"})
    kept(std::string("first ") + sku, shop::restock(sku, [](auto a) { a.setQuantity(6); }).what(),
         [=, this](const auto&) { added_[sku] += 6; });
  for (const auto* key : {"m0", "m1", "m2"})
    kept(std::string("first ") + key, parts::add(key, number{1'000}).what(),
         [this](const auto&) { moved_among_ += 1'000; });
  const auto length = 30 + draw(90);
  for (std::uint64_t i = 0; i < length; ++i) {
    for (auto n = draw(4); n > 0; --n) something_new();
    steps(draw(60));
    look_after();
    switch (draw(12)) {
      case 0:
        die();
        break;
      case 1:
        guarded([&] { world_.advance(std::chrono::seconds(draw(200))); });
        break;
      case 2:
        world_.forget();
        break;
      case 3:
        guarded([&] { world_.run(); });
        break;
      default:
        break;
    }
  }
  make_peace();
  check_books();
  for (const auto& line : world_.said) end_.stalls += line.find(" is stalled") != std::string::npos;
  end_.steps += world_.executor().steps();
  return end_;
}

}  // namespace

story_end random_story(std::uint64_t seed) { return story(seed).tell(); }

}  // namespace reprise::testing
