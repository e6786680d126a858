#include "tests/runtime/testing/scenarios.hpp"

#include <boost/test/unit_test.hpp>

#include "actors/orchestration/child_id.hpp"
#include "examples/approval/approval.hpp"
#include "examples/bank/bank.hpp"
#include "examples/flaky/flaky.hpp"
#include "examples/monitor/monitor.hpp"
#include "examples/shop/shop.hpp"
#include "examples/tree/tree.hpp"
#include "examples/word_count/word_count.hpp"
#include "tests/support/family.hpp"
#include "tests/support/parts.hpp"

namespace reprise::testing {
namespace {

using namespace std::chrono_literals;
namespace shop = examples::shop;
namespace approval = examples::approval;
namespace flaky = examples::flaky;

value<shop::Order> order_of(std::initializer_list<const char*> skus, bool decline = false) {
  return make<shop::Order>([&](auto o) {
    auto lines = o.initLines(static_cast<unsigned>(skus.size()));
    unsigned i = 0;
    for (const auto* sku : skus) {
      lines[i].setSku(sku);
      lines[i++].setQuantity(2);
    }
    o.setDecline(decline);
  });
}

void restock(client& c, const char* sku, std::uint32_t n, const std::string& key) {
  c.get(shop::restock(sku, [&](auto a) { a.setQuantity(n); }), key);
}

std::string left_of(world& w, const char* sku) {
  const auto grant = w.get(shop::get(sku, make<shop::Ask>([](auto) {})));
  return std::string(sku) + "=" + std::to_string(grant->getLeft());
}

template <class T, class Show>
std::string outcome_of(world& w, const std::string& id, Show show) {
  const auto s = w.status(id);
  if (!s || !*s) return id + " is not there";
  if (!(*s)->outcome) return id + " has not ended";
  if (!*(*s)->outcome) return id + " failed: " + (*s)->outcome->error().text;
  const auto out = *codec<T>::decode(**(*s)->outcome);
  return id + ": " + std::string(show(out));
}

std::string text_of(world& w, const std::string& id) {
  return outcome_of<shop::Outcome>(w, id, [](const auto& o) { return o->getText().cStr(); });
}
std::string answer_of(world& w, const std::string& id) {
  return outcome_of<approval::Answer>(w, id, [](const auto& o) { return o->getOutcome().cStr(); });
}

// The first order finds one shelf empty and gives back. The next comes while that shelf is restocked:
// it finds enough or not, and in the end has nothing. One is confirmed, one declined by the card.
scenario checkout() {
  return {"checkout",
          [](client& c, world&) {
            restock(c, "tea", 10, "r1");
            restock(c, "cup", 1, "r2");
            c.start(shop::checkout.as("early", order_of({"tea", "cup"})));
            c.until_ended("early");
            c.start(shop::checkout.as("racing", order_of({"tea", "cup"})));
            restock(c, "cup", 5, "r3");
            c.run();
            c.start(shop::checkout.as("second", order_of({"tea", "cup"})));
            c.start(shop::checkout.as("declined", order_of({"tea"}, true)));
            c.until_ended("declined");
            BOOST_TEST(static_cast<bool>(
                c.raise(shop::verdict.to("second", [](auto v) { v.setApproved(true); }), "v")));
            c.until_ended("second");
            c.until_ended("racing");
          },
          [](world& w) {
            const auto racing = text_of(w, "racing");
            BOOST_TEST((racing == "racing: refunded" || racing == "racing: out of stock"));
            const auto end =
                text_of(w, "early") + ", " + text_of(w, "second") + ", " + text_of(w, "declined");
            return end + ", " + left_of(w, "tea") + ", " + left_of(w, "cup");
          }};
}

value<approval::Request> within(std::uint32_t seconds) {
  return make<approval::Request>([&](auto r) { r.setTimeoutSeconds(seconds); });
}

scenario approval_of_three() {
  return {"approval",
          [](client& c, world&) {
            c.start(approval::approval.as("yes", within(3600)));
            c.start(approval::approval.as("late", within(60)));
            c.start(approval::approval.as("no", within(3600)));
            const auto say = [&](const char* id, bool approved) {
              return c.raise(approval::decision.to(id, [&](auto d) { d.setApproved(approved); }),
                             id);
            };
            BOOST_TEST(static_cast<bool>(say("yes", true)));
            c.advance(2min);
            const auto too_late = say("late", true);
            BOOST_TEST((!too_late && too_late.error().why == cause::gone));
            BOOST_TEST(static_cast<bool>(say("no", false)));
            c.advance(2h);
          },
          [](world& w) {
            return answer_of(w, "yes") + ", " + answer_of(w, "late") + ", " + answer_of(w, "no");
          }};
}

value<flaky::Plan> plan(std::uint32_t failures, std::uint32_t attempts) {
  return make<flaky::Plan>([&](auto p) {
    p.setFailures(failures);
    p.setAttempts(attempts);
  });
}

scenario stumbling() {
  return {"flaky",
          [](client& c, world&) {
            c.start(flaky::flaky.as("stands", plan(2, 4)));
            c.start(flaky::flaky.as("falls", plan(3, 3)));
            c.until_ended("stands");
            c.until_ended("falls");
          },
          [](world& w) {
            const auto show = [](const auto& r) { return std::to_string(r->getAttempts()); };
            return outcome_of<flaky::Report>(w, "stands", show) + ", " +
                   outcome_of<flaky::Report>(w, "falls", show);
          }};
}

// Actors that tell actors, entries of tables, a call in an hour, an orchestration over all of it.
scenario errands() {
  return {
      "errands",
      [](client& c, world&) {
        c.get(parts::fan("h", parts::numbers{9, 0, 3}), "fan");
        c.get(parts::remind("h", std::string("later")), "remind");
        for (int i = 0; i < 3; ++i) {
          const std::string key = "bump" + std::to_string(i);
          BOOST_TEST((c.get(parts::bump("page", std::string("x")), key) ==
                      value<parts::number>(i + 1)) == true);
        }
        c.get(parts::stretch("self", parts::number{5}), "stretch");
        c.get(parts::strike("page", std::string("x")), "strike");
        c.get(parts::bump("page", std::string("y")), "y");
        c.start(parts::errand.as("errand", parts::number{7}));
        c.until_ended("errand");
        const auto refused = c.perform(parts::add("self", parts::number{-100}).what(), "refused");
        BOOST_TEST((!refused && refused.error().why == cause::rejected));
        c.advance(2h);
      },
      [](world& w) {
        std::string end;
        for (const auto* key : {"in-0", "in-1", "in-2"}) {
          const auto got = w.get(parts::seen(key));
          end += std::to_string((*got)[0]) + "/" + std::to_string((*got)[1]) + " ";
        }
        end += std::to_string(*w.get(parts::total("page"))) + " ";
        end += std::to_string(*w.get(parts::total("errands"))) + " ";
        end += std::to_string(*w.get(parts::read("later"))) + " ";
        end += std::to_string(*w.get(parts::read("self"))) + " ";
        end += std::to_string(*w.get(parts::read("errand"))) + " ";
        // Without the unique id, which names the generation.
        return end + outcome_of<std::string>(
                         w, "errand", [](const auto& s) { return s->substr(0, s->rfind(' ')); });
      }};
}

// Two sections over the same tallies from both ends, a stranger in between; one that is terminated
// while it holds them and one before it does.
scenario transfers() {
  return {"transfers",
          [](client& c, world&) {
            c.get(parts::add("ann", parts::number{5}), "ann");
            c.get(parts::add("bob", parts::number{5}), "bob");
            c.start(parts::transfer.as("there", parts::names{"ann", "bob"}));
            c.start(parts::transfer.as("back", parts::names{"bob", "ann"}));
            c.get(parts::add("ann", parts::number{7}), "stranger");
            c.until_ended("there");
            c.until_ended("back");
            c.start(parts::hold.as("holds", parts::names{"bob", "ann"}));
            c.run();
            c.start(parts::hold.as("waits", parts::names{"ann", "cid"}));
            c.run();
            static_cast<void>(c.terminate("waits", "enough"));
            static_cast<void>(c.terminate("holds", "enough"));
            c.get(parts::add("bob", parts::number{1}), "after");
          },
          [](world& w) {
            const auto show = [](const auto& n) { return std::to_string(*n); };
            std::string end = outcome_of<parts::number>(w, "there", show) + ", " +
                              outcome_of<parts::number>(w, "back", show);
            for (const auto* name : {"ann", "bob", "cid"})
              end += ' ' + std::to_string(*w.get(parts::read(name)));
            return end;
          }};
}

// Children and theirs; one that fails and is rewound; one that goes on as new for each coin, suspended
// while two of them come; one that is ended with all its children.
scenario lineage() {
  return {"lineage",
          [](client& c, world&) {
            family::broken("bad", true);
            c.start(family::elder.as("elder", std::string("kid:a all:b,bad")));
            c.start(family::purse.as("purse", family::number{0}));
            c.start(family::line.as("line", family::number{1}));
            c.until_ended("elder");
            family::broken("bad", false);
            static_cast<void>(c.steer([](world& w) { return family::rewind(w, "elder"); }));
            static_cast<void>(c.raise(family::coin.to("purse", 1), "c1"));
            static_cast<void>(c.steer([](world& w) { return family::suspend(w, "purse"); }));
            static_cast<void>(c.raise(family::coin.to("purse", 2), "c2"));
            static_cast<void>(c.raise(family::coin.to("purse", 3), "c3"));
            static_cast<void>(c.steer([](world& w) { return family::resume(w, "purse"); }));
            static_cast<void>(c.raise(family::coin.to("purse", 0), "c0"));
            static_cast<void>(
                c.steer([](world& w) { return family::terminate(w, "line", children::included); }));
            c.until_ended("purse");
            c.until_ended("elder");
          },
          [](world& w) {
            std::string ends;
            for (const auto* id : {"elder", "purse", "line"}) ends += family::end_of(w, id) + ", ";
            const auto page = family::page_of(w, "line");
            for (const auto& e : page.history)
              if (e.kind == event_kind::child)
                ends += family::end_of(w, internal::child_id(e, page.generation, 1)) + ", ";
            return ends;
          }};
}

// The examples that have no scenario of their own.
scenario more_examples() {
  return {"more examples",
          [](client& c, world&) {
            c.start(examples::monitor::monitor.as("monitor", [](auto in) {
              in.setIntervalSeconds(60);
              in.setRounds(2);
            }));
            c.start(examples::tree::tree.as("tree", [](auto in) {
              in.setDepth(1);
              in.setWidth(2);
            }));
            c.start(examples::word_count::word_count.as(
                "words", [](auto in) { in.initTexts(1).set(0, "the cat and the hat"); }));
            for (const auto* account : {"a", "b"})
              c.get(examples::bank::deposit(account, [](auto in) { in.setAmount(10); }), account);
            c.start(examples::bank::transfer.as("transfer", [](auto in) {
              in.setFrom("a");
              in.setTo("b");
              in.setAmount(3);
            }));
            for (const auto* id : {"monitor", "tree", "words", "transfer"}) c.until_ended(id);
          },
          [](world& w) {
            const auto rounds = [](const auto& r) { return std::to_string(r->getRounds()); };
            const auto leaves = [](const auto& r) { return std::to_string(r->getLeaves()); };
            const auto words = [](const auto& r) { return r->text; };
            const auto applied = [](const auto& r) { return std::to_string(r->getApplied()); };
            std::string end = outcome_of<examples::monitor::Report>(w, "monitor", rounds) + ", " +
                              outcome_of<examples::tree::Count>(w, "tree", leaves) + ", " +
                              outcome_of<json>(w, "words", words) + ", " +
                              outcome_of<examples::bank::Receipt>(w, "transfer", applied);
            for (const auto* account : {"a", "b"}) {
              const auto balance = w.get(examples::bank::balance(account, [](auto) {}));
              end += " " + std::to_string(balance->getBalance());
            }
            return end;
          },
          {"monitor"}};
}

}  // namespace

std::vector<scenario> sweep_scenarios() {
  return {checkout(),  approval_of_three(), stumbling(),    errands(),
          transfers(), lineage(),           more_examples()};
}

}  // namespace reprise::testing
