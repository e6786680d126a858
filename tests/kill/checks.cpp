#include "tests/kill/checks.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <tuple>

namespace reprise::kill {

findings check_counter(const std::string& name, const std::vector<known>& adds,
                       std::uint64_t value) {
  findings found;
  for (std::size_t nth = 0; nth < adds.size(); ++nth, value /= 4) {
    const auto times = value % 4;
    if (adds[nth] == known::acknowledged && times == 0)
      found.push_back(name + ": acknowledged add " + std::to_string(nth) + " is lost");
    if (times > 1)
      found.push_back(name + ": add " + std::to_string(nth) + " was applied " +
                      std::to_string(times) + " times");
  }
  if (value != 0) found.push_back(name + ": holds more than was ever added");
  return found;
}

findings check_stock(const std::map<std::string, std::uint64_t>& restocked,
                     const std::map<std::string, std::uint64_t>& left,
                     const std::vector<order>& orders) {
  findings found;
  auto accounted = left;
  for (const auto& each : orders)
    if (each.outcome == "confirmed")
      for (const auto& [sku, quantity] : each.lines) accounted[sku] += quantity;
  for (const auto& [sku, quantity] : restocked)
    if (accounted[sku] != quantity)
      found.push_back("stock " + sku + ": " + std::to_string(quantity) + " came in, " +
                      std::to_string(accounted[sku]) + " are on the shelf or in confirmed orders");
  return found;
}

findings check_accounts(const std::map<std::string, std::int64_t>& put_in,
                        const std::map<std::string, std::int64_t>& balances,
                        const std::vector<transfer>& transfers) {
  findings found;
  auto expected = put_in;
  for (const auto& each : transfers) {
    if (!each.applied) continue;
    expected[each.from] -= each.amount;
    expected[each.to] += each.amount;
  }
  for (const auto& [account, amount] : expected) {
    const auto there = balances.find(account);
    if (there == balances.end())
      found.push_back("account " + account + ": no balance");
    else if (there->second != amount)
      found.push_back("account " + account + ": holds " + std::to_string(there->second) +
                      ", its transfers leave " + std::to_string(amount));
  }
  return found;
}

std::vector<ledger_line> parse_ledger(std::string_view text) {
  std::vector<ledger_line> lines;
  std::istringstream stream{std::string(text)};
  for (ledger_line line; stream >> line.activity >> line.id >> line.attempt >> line.process;) {
    line.instance = line.id.substr(0, line.id.rfind('@'));
    lines.push_back(line);
  }
  return lines;
}

std::size_t count_run_again(const std::vector<ledger_line>& lines) {
  std::map<std::string, std::set<int>> processes;
  for (const auto& line : lines) processes[line.activity + line.id].insert(line.process);
  return static_cast<std::size_t>(std::count_if(
      processes.begin(), processes.end(), [](const auto& step) { return step.second.size() > 1; }));
}

findings check_ledger(const std::vector<ledger_line>& lines, const std::vector<order>& orders,
                      const std::vector<int>& processes) {
  findings found;
  std::map<std::string, std::map<std::string, std::set<std::string>>> ids;  // instance, activity
  std::set<std::tuple<std::string, std::string, unsigned, int>> attempts;
  std::map<std::string, unsigned> last_attempt;
  std::map<std::string, std::size_t> last_start;  // instance: the latest server that ran it
  for (const auto& line : lines) {
    ids[line.instance][line.activity].insert(line.id);
    if (!attempts.insert({line.activity, line.id, line.attempt, line.process}).second)
      found.push_back(line.activity + " " + line.id + " ran twice in one process");
    auto& attempt = last_attempt[line.activity + line.id];
    if (line.attempt < attempt)
      found.push_back(line.activity + " " + line.id + ": attempt " + std::to_string(line.attempt) +
                      " after attempt " + std::to_string(attempt));
    attempt = line.attempt;
    const auto server = std::find(processes.begin(), processes.end(), line.process);
    if (server == processes.end())
      found.push_back(line.activity + " " + line.id + " ran in a process that was never started");
    auto& latest = last_start[line.instance];
    latest = std::max(latest, std::size_t(server - processes.begin()) + 1);
  }
  for (const auto& each : orders) {
    auto& of = ids[each.id];
    const bool charged = each.outcome != "out of stock";
    if (of["charge"].size() != (charged ? 1 : 0))
      found.push_back(each.id + " (" + each.outcome + ") was charged " +
                      std::to_string(of["charge"].size()) + " times");
    if (of["refund"].size() != (each.outcome == "refunded" ? 1 : 0))
      found.push_back(each.id + " (" + each.outcome + ") was refunded " +
                      std::to_string(of["refund"].size()) + " times");
    if (last_start[each.id] > each.seen_finished)
      found.push_back(each.id + " ran an activity after its end had been seen");
  }
  return found;
}

}  // namespace reprise::kill
