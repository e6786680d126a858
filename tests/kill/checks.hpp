// Invariants that must hold after any number of kills: pure functions of what the clients saw, what
// the server shows at the end and what the ledger has. Each finding is a line for people.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace reprise::kill {

using findings = std::vector<std::string>;

// What a client knows about one request.
enum class known : std::uint8_t { acknowledged, unknown };

// Adds to one counter. The n-th add has the amount 4^n, so that the counter's value identifies
// each: digit n in base 4 is how often it was applied.
inline constexpr std::size_t adds_per_counter = 25;  // 4^25 < 2^53: exact as a JSON number
constexpr std::uint64_t amount_of(std::size_t nth) { return std::uint64_t{1} << (2 * nth); }

// An acknowledged add was applied once, an unknown one once or not at all.
findings check_counter(const std::string& name, const std::vector<known>& adds,
                       std::uint64_t value);

struct order {
  std::string id;
  std::map<std::string, std::uint64_t> lines;  // quantity by sku
  std::string outcome;                         // "confirmed", "refunded", ...; empty: not finished
  unsigned seen_finished = 0;                  // starts of the server when a client saw its end
};

// Everything that was put on the shelves is still there, or in a confirmed order.
findings check_stock(const std::map<std::string, std::uint64_t>& restocked,
                     const std::map<std::string, std::uint64_t>& left,
                     const std::vector<order>& orders);

struct transfer {
  std::string from, to;
  std::int64_t amount = 0;
  bool applied = false;  // as its instance said when it had ended
};

// Each account holds what was deposited, plus and minus each applied transfer exactly once.
findings check_accounts(const std::map<std::string, std::int64_t>& put_in,
                        const std::map<std::string, std::int64_t>& balances,
                        const std::vector<transfer>& transfers);

// One line of the ledger (examples/ledger.hpp).
struct ledger_line {
  std::string activity, instance, id;
  unsigned attempt = 0;
  int process = 0;
};
std::vector<ledger_line> parse_ledger(std::string_view text);
// Steps that ran in more than one process: those cut by a kill, which proves that kills do cut steps.
std::size_t count_run_again(const std::vector<ledger_line>&);

// Checks: one id per order for what may happen once (charge, refund); each attempt at most once per
// process; attempts that are counted across kills; and nothing for an order after its end was seen.
// `processes` are those of the server in the order of its starts.
findings check_ledger(const std::vector<ledger_line>&, const std::vector<order>&,
                      const std::vector<int>& processes);

}  // namespace reprise::kill
