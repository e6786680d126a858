// Turns on an actor_object as a host runs them: what changes, what is dropped, what is needed.

#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "actors/actor/actor_object.hpp"
#include "actors/reprise.hpp"
#include "tests/actors/shop.hpp"

namespace internal = reprise::internal;
using reprise::cause;
using reprise::payload;
using namespace std::chrono_literals;

namespace {
constexpr reprise::actor<shop::Stock> ledger{"ledger"};
template <class In, class Out>
using op = reprise::operation<shop::Stock, In, Out>;
constexpr op<std::uint32_t, std::uint32_t> add{ledger, "add"};
constexpr op<reprise::none, std::uint32_t> get{ledger, "get"};
constexpr op<std::string, reprise::none> fails{ledger, "fails"};
constexpr op<std::string, reprise::none> put{ledger, "put"};
constexpr op<std::string, std::string> find{ledger, "find"};
constexpr op<reprise::none, std::vector<std::string>> keys{ledger, "keys"};
constexpr op<reprise::none, reprise::none> spread{ledger, "spread"};
constexpr op<reprise::none, reprise::none> wipe{ledger, "wipe"};
constexpr op<reprise::none, reprise::none> sneaky{ledger, "sneaky"};
constexpr op<std::string, std::string> swallows{ledger, "swallows"};
constexpr op<reprise::none, std::uint64_t> dice{ledger, "dice"};
constexpr reprise::orchestration<std::string, reprise::none> audit{"audit"};
constexpr reprise::event<std::string> changed{"changed"};

struct book {
  reprise::state<shop::Stock> stock;
  reprise::table<std::string, std::string> pages{"pages"};
  reprise::table<std::int32_t, std::uint64_t> numbers{"numbers"};

  reprise::result<std::uint32_t> add(std::uint32_t n) {
    stock.edit().setAvailable(stock->getAvailable() + n);
    stock.edit().setNote("added");
    return stock->getAvailable();
  }
  reprise::result<std::uint32_t> get() const { return stock->getAvailable(); }
  reprise::result<> fails(std::string how, reprise::turn& here) {
    stock.edit().setAvailable(99);
    pages.put("x", "y");
    here.tell(::add("other", 1u));
    if (how == "throw") throw std::runtime_error("thrown");
    if (how == "fail") return reprise::fail("failed");
    return reprise::reject("rejected");
  }
  reprise::result<> put(const std::string& key) {
    pages.put(key, key + "!");
    numbers.put(-static_cast<std::int32_t>(key.size()), key.size());
    return reprise::done;
  }
  reprise::result<std::string> find(std::string key) const {
    auto found = pages.find(key);
    return found ? **found : std::string("none");
  }
  reprise::result<std::vector<std::string>> keys() {
    pages.put("b", "own");
    pages.erase("c");
    std::vector<std::string> out;
    for (auto& [key, text] : pages.scan(3)) out.push_back(key + "=" + *text);
    return out;
  }
  reprise::result<> spread(reprise::turn& here) {
    here.tell(::add(here.key() + "2", 1u), here.now() + 1h);
    here.start(audit("a"));
    here.start(audit.as("audit-1", "b"));
    here.raise(changed, "order-7", "c");
    return reprise::done;
  }
  reprise::result<> wipe(reprise::turn& here) {
    pages.put("before", "x");
    here.erase();
    if (stock->getAvailable() != 0 || pages.find("old")) return reprise::reject("still there");
    pages.put("after", "x");
    return reprise::done;
  }
  reprise::result<> sneaky(reprise::turn& here) const {
    here.tell(::add("other", 1u));
    return reprise::done;
  }
  reprise::result<std::string> swallows(std::string key) {
    try {
      pages.find(key);
    } catch (...) {
    }
    return std::string("took it as absent");
  }
  reprise::result<std::uint64_t> dice(reprise::turn& here) const {
    return here.random() ^ here.random();
  }
};

// A host's view: some entries in memory, the rest has to be loaded.
class entries final : public internal::entry_source {
 public:
  std::map<std::string, std::string> stored;  // of table "pages"
  bool loaded = true;

  std::optional<slot> find(const std::string&, const std::string& key) override {
    if (!loaded) return std::nullopt;
    auto found = stored.find(key);
    if (found == stored.end()) return slot();
    return slot(payload(found->second));
  }
  std::optional<page> scan(const std::string&, const std::string& first, const std::string& last,
                           std::size_t limit) override {
    if (!loaded) return std::nullopt;
    page out;
    for (auto it = stored.lower_bound(first); it != stored.end() && out.size() < limit; ++it) {
      if (!last.empty() && it->first >= last) break;
      out.emplace_back(it->first, payload(it->second));
    }
    return out;
  }
};

struct host {
  reprise::application app;
  const reprise::bound_actor* binding;
  std::unique_ptr<internal::actor_object> object;
  entries stored;

  host() {
    app.bind(add, &book::add).bind(get, &book::get).bind(fails, &book::fails);
    app.bind(put, &book::put).bind(find, &book::find).bind(keys, &book::keys);
    app.bind(spread, &book::spread).bind(wipe, &book::wipe).bind(sneaky, &book::sneaky);
    app.bind(swallows, &book::swallows).bind(dice, &book::dice);
    binding = app.find_actor("ledger");
    object = binding->code->make();
    object->load({});
  }
  template <class In, class Out, class... Input>
  internal::turn_result run(const op<In, Out>& what, Input&&... input) {
    return handle(what.name(), what("tea", std::forward<Input>(input)...).what().input);
  }
  internal::turn_result handle(std::string_view operation, payload input) {
    return object->run(*binding->find(operation), input, {"tea", {}, reprise::time_point(5h), 11},
                       &stored);
  }
  std::uint32_t available() { return **reprise::codec<std::uint32_t>::decode(*run(get).answer); }
};
template <class T>
T read(const internal::turn_result& turn) {
  BOOST_TEST_REQUIRE(static_cast<bool>(turn.answer));
  auto got = reprise::codec<T>::decode(*turn.answer);
  BOOST_TEST_REQUIRE(static_cast<bool>(got));
  return **got;
}
}  // namespace

BOOST_FIXTURE_TEST_SUITE(actors, host)

BOOST_AUTO_TEST_CASE(a_binding_tells_what_an_actor_is) {
  BOOST_TEST_REQUIRE(binding->tables.size() == 2u);
  BOOST_TEST(binding->tables[0].name == "numbers");
  BOOST_TEST(binding->tables[1].name == "pages");
  BOOST_TEST((binding->tables[0].key == &reprise::type_of<std::int32_t>()));
  BOOST_TEST((binding->tables[0].value == &reprise::type_of<std::uint64_t>()));
  BOOST_TEST((binding->state == &reprise::type_of<shop::Stock>()));
  BOOST_TEST(binding->find("get")->read_only);
  BOOST_TEST(!binding->find("add")->read_only);
  BOOST_TEST((binding->find("add")->in == &reprise::type_of<std::uint32_t>()));
  BOOST_TEST((binding->find("nothing") == nullptr));
}

BOOST_AUTO_TEST_CASE(an_edited_state_is_written_whole_and_a_read_writes_nothing) {
  auto turn = run(add, 3u);
  BOOST_TEST(read<std::uint32_t>(turn) == 3u);
  BOOST_TEST_REQUIRE(turn.state.has_value());
  auto reading = run(get);
  BOOST_TEST(read<std::uint32_t>(reading) == 3u);
  BOOST_TEST(!reading.state.has_value());

  auto other = binding->code->make();
  other->load(*turn.state);
  object = std::move(other);
  BOOST_TEST(available() == 3u);
}

BOOST_AUTO_TEST_CASE(a_state_edited_often_does_not_grow) {
  std::size_t first = 0;
  for (int i = 0; i < 1000; ++i) {
    auto turn = run(add, 1u);
    if (i == 0) first = turn.state->size();
    BOOST_TEST_REQUIRE(turn.state->size() == first);
  }
  BOOST_TEST(object->footprint() < 4096u);
}

BOOST_AUTO_TEST_CASE(a_turn_that_rejects_fails_or_throws_changes_nothing) {
  run(add, 3u);
  for (auto how : {"reject", "fail", "throw"}) {
    auto turn = run(fails, how);
    BOOST_TEST(!turn.answer);
    BOOST_TEST(!turn.state.has_value());
    BOOST_TEST(turn.entries.empty());
    BOOST_TEST(turn.emissions.empty());
    BOOST_TEST(turn.answer.error().retryable == (how != std::string("reject")));
    BOOST_TEST(available() == 3u);
  }
  BOOST_TEST(run(fails, "throw").answer.error().text == "thrown");
}

BOOST_AUTO_TEST_CASE(entries_are_written_one_by_one) {
  auto turn = run(put, "tea");
  BOOST_TEST_REQUIRE(turn.entries.size() == 2u);
  BOOST_TEST(turn.entries[0].table == "pages");
  BOOST_TEST(turn.entries[0].key == "tea");
  BOOST_TEST(turn.entries[0].value->bytes() == "tea!");
  BOOST_TEST(!turn.state.has_value());
  BOOST_TEST(read<std::string>(run(find, "tea")) == "none");  // the host keeps it, not the object
}

BOOST_AUTO_TEST_CASE(a_missing_entry_is_needed_and_the_turn_runs_again) {
  stored.loaded = false;
  auto turn = run(find, "tea");
  BOOST_TEST_REQUIRE(turn.missing.has_value());
  BOOST_TEST(turn.missing->table == "pages");
  BOOST_TEST(turn.missing->first == "tea");
  BOOST_TEST(!turn.missing->last.has_value());
  stored.loaded = true;
  stored.stored["tea"] = "green";
  BOOST_TEST(read<std::string>(run(find, "tea")) == "green");
}

BOOST_AUTO_TEST_CASE(a_need_that_user_code_swallows_is_still_a_need) {
  stored.loaded = false;
  auto turn = run(swallows, "tea");
  BOOST_TEST(turn.missing.has_value());
  BOOST_TEST(!turn.state.has_value());
}

BOOST_AUTO_TEST_CASE(a_scan_sees_what_the_turn_wrote_over_what_is_stored) {
  stored.stored = {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", "5"}};
  auto got = read<std::vector<std::string>>(run(keys));
  BOOST_TEST(got == (std::vector<std::string>{"a=1", "b=own", "d=4"}),
             boost::test_tools::per_element());
  stored.stored = {{"c", "3"}};
  got = read<std::vector<std::string>>(run(keys));
  BOOST_TEST(got == std::vector<std::string>{"b=own"}, boost::test_tools::per_element());
  stored.loaded = false;
  auto turn = run(keys);
  BOOST_TEST_REQUIRE(turn.missing.has_value());
  BOOST_TEST(*turn.missing->last == "");
}

BOOST_AUTO_TEST_CASE(emissions_of_a_turn_are_in_the_order_of_its_calls) {
  auto turn = run(spread);
  BOOST_TEST_REQUIRE(turn.emissions.size() == 4u);
  BOOST_TEST(turn.emissions[0].what.key == "tea2");
  BOOST_TEST((turn.emissions[0].due == reprise::time_point(6h)));
  BOOST_TEST((turn.emissions[1].kind == internal::emission_kind::start));
  BOOST_TEST(turn.emissions[1].what.key == "");
  BOOST_TEST(turn.emissions[2].what.key == "audit-1");
  BOOST_TEST((turn.emissions[3].kind == internal::emission_kind::raise));
  BOOST_TEST(turn.emissions[3].what.key == "order-7");
  BOOST_TEST(turn.emissions[3].what.input.bytes() == "c");
}

BOOST_AUTO_TEST_CASE(an_erased_actor_begins_anew_in_the_same_turn) {
  run(add, 3u);
  stored.stored["old"] = "x";
  auto turn = run(wipe);
  BOOST_TEST(static_cast<bool>(turn.answer));
  BOOST_TEST(turn.erased);
  BOOST_TEST(!turn.state.has_value());
  BOOST_TEST_REQUIRE(turn.entries.size() == 1u);
  BOOST_TEST(turn.entries[0].key == "after");
  BOOST_TEST(available() == 0u);
}

BOOST_AUTO_TEST_CASE(a_read_only_operation_that_tells_is_refused) {
  auto turn = run(sneaky);
  BOOST_TEST_REQUIRE(!turn.answer);
  BOOST_TEST(turn.answer.error().text.find("it may only read") != std::string::npos);
  BOOST_TEST(turn.emissions.empty());
}

BOOST_AUTO_TEST_CASE(chance_is_the_same_when_the_message_is_handled_again) {
  auto first = read<std::uint64_t>(run(dice));
  BOOST_TEST(read<std::uint64_t>(run(dice)) == first);
  BOOST_TEST(first != 0u);
}

BOOST_AUTO_TEST_CASE(an_input_that_does_not_fit_is_invalid) {
  auto turn = handle("add", payload("text"));
  BOOST_TEST_REQUIRE(!turn.answer);
  BOOST_TEST((turn.answer.error().why == cause::invalid));
}

BOOST_AUTO_TEST_CASE(a_stored_state_that_does_not_decode_is_refused) {
  BOOST_CHECK_THROW(object->load(payload("12345")), reprise::failed);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(members)

BOOST_AUTO_TEST_CASE(an_actor_struct_can_be_used_without_a_node) {
  book mine;
  BOOST_TEST(*mine.add(2) == 2u);
  BOOST_TEST(*mine.add(2) == 4u);
  BOOST_TEST(static_cast<bool>(mine.put("tea")));
  BOOST_TEST(*mine.find("tea") == "tea!");
  reprise::turn here({.key = "tea", .now = reprise::time_point(1h)});
  BOOST_TEST(static_cast<bool>(mine.spread(here)));
  BOOST_TEST(here.emissions().size() == 4u);
  mine.pages.erase("tea");
  BOOST_TEST(*mine.find("tea") == "none");
}

BOOST_AUTO_TEST_CASE(a_message_that_cannot_be_sent_fails_the_turn) {
  reprise::turn here({.key = "tea"});
  BOOST_CHECK_THROW(here.tell(::add("a/b", 1u)), reprise::failed);
  BOOST_CHECK_THROW(here.raise(changed, "", "c"), reprise::failed);
  const reprise::operation_call<shop::Receipt> disguised(shop::charge([](auto) {}).what());
  BOOST_CHECK_THROW(here.tell(disguised), reprise::failed);  // with its type it does not compile
  BOOST_TEST(here.emissions().empty());
}

BOOST_AUTO_TEST_CASE(keys_sort_as_their_values_do) {
  reprise::table<std::int32_t, std::string> signs{"signs"};
  for (int n : {5, -1, 0, std::numeric_limits<std::int32_t>::min(), 300, -300,
                std::numeric_limits<std::int32_t>::max()})
    signs.put(n, std::to_string(n));
  std::vector<std::int32_t> order;
  for (auto& [key, text] : signs.scan()) {
    BOOST_TEST(*text == std::to_string(key));
    order.push_back(key);
  }
  BOOST_TEST(std::is_sorted(order.begin(), order.end()));
  BOOST_TEST(order.size() == 7u);
  BOOST_TEST(signs.scan(-1, 6).size() == 3u);
  BOOST_TEST(signs.scan(6, -1).empty());
  BOOST_TEST(signs.scan_from(0, 2).size() == 2u);
}

BOOST_AUTO_TEST_CASE(entries_may_be_structs_and_are_filled_in_place) {
  reprise::table<std::string, shop::Grant> grants{"grants"};
  grants.put("tea", [&](auto out) { out.setQuantity(4); });
  auto found = grants.find("tea");
  BOOST_TEST_REQUIRE(found.has_value());
  BOOST_TEST((*found)->getQuantity() == 4u);
  BOOST_TEST(!grants.find("coffee").has_value());
}

BOOST_AUTO_TEST_CASE(a_key_too_long_is_refused) {
  reprise::table<std::string, std::string> pages{"pages"};
  BOOST_CHECK_THROW(pages.put(std::string(257, 'x'), "y"), reprise::failed);
}

BOOST_AUTO_TEST_CASE(a_plain_state_is_edited_in_place) {
  reprise::state<std::vector<std::string>> list;
  list.edit().push_back("a");
  BOOST_TEST(list->size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
