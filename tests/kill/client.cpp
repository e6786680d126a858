#include "tests/kill/client.hpp"

#include <poll.h>

#include <chrono>
#include <utility>

namespace reprise::kill {
namespace {

const std::string management = "/runtime/webhooks/durabletask/";

}  // namespace

std::optional<reply> client::once(const ask& what) {
  const auto before = stage_.server.starts();
  auto answer = http_.perform(stage_.server.port(), what);
  if (http_.timed_out()) {
    found.push_back(std::string(what.method) + " " + what.path + " was not answered in 30 s");
    stage_.giving_up = true;
  }
  if (answer && answer->status < 500) return answer;
  // Killed, or starting: the next start is near. A 503 of a server that lives: a moment is enough.
  if (!answer)
    stage_.server.await_start_after(before);
  else
    linger(10);
  return std::nullopt;
}

std::optional<reply> client::until_answered(const ask& what) {
  while (!stage_.giving_up)
    if (auto answer = once(what)) return answer;
  return std::nullopt;
}

bool client::start(const std::string& orchestration, const std::string& id, std::string input) {
  ask what{"POST", management + "orchestrators/" + orchestration + "/" + id, std::move(input)};
  const bool with_key = below(2) == 0;
  if (with_key) what.idempotency_key = "start-" + id;
  while (!stage_.giving_up) {
    if (const auto answer = once(what)) {
      if (answer->status != 202)
        found.push_back("start of " + id + ": status " + std::to_string(answer->status));
      return true;
    }
    if (with_key) continue;
    // A start whose answer was lost may have happened, and the instance may have ended: sent again
    // without a key it would run a second time. So it is looked for first.
    const auto seen = until_answered({"GET", management + "instances/" + id});
    if (seen && seen->status != 404) return true;
  }
  return false;
}

void client::raise(const std::string& id, const std::string& event, std::string value) {
  raise_once(id, event, std::move(value), below(2) == 0 ? "raise-" + id + "-" + event : "");
}

void client::raise_once(const std::string& id, const std::string& event, std::string value,
                        std::string key) {
  const auto answer =
      until_answered({"POST", management + "instances/" + id + "/raiseEvent/" + event,
                      std::move(value), std::move(key)});
  // 410: ended already, by an event whose answer was lost, or because it needed none.
  if (answer && answer->status != 202 && answer->status != 410)
    found.push_back("event " + event + " for " + id + ", whose start was acknowledged: status " +
                    std::to_string(answer->status));
}

std::optional<std::string> client::until_ended(const std::string& id) {
  while (auto answer = until_answered({"GET", management + "instances/" + id})) {
    if (answer->status == 200) return answer->body;
    if (answer->status != 202) {
      found.push_back(id + ", whose start was acknowledged: status " +
                      std::to_string(answer->status));
      return std::nullopt;
    }
    linger(20);
  }
  found.push_back(id + " did not finish");
  return std::nullopt;
}

void client::linger(unsigned milliseconds) { ::poll(nullptr, 0, static_cast<int>(milliseconds)); }

void adder::run() {
  while (!ending()) {
    if (counters.empty() || counters.back().adds.size() == adds_per_counter)
      counters.push_back({name_ + "-" + std::to_string(counters.size()), {}});
    auto& target = counters.back();
    const auto nth = target.adds.size();
    ask what{"POST", "/v1/actors/counter/" + target.key + "/add",
             "{\"amount\":" + std::to_string(amount_of(nth)) + "}"};
    if (keys_ == keys::with) what.idempotency_key = target.key + "-" + std::to_string(nth);
    const auto answer = keys_ == keys::with ? until_answered(what) : once(what);
    if (answer && answer->status != 200)
      found.push_back("add to " + target.key + ": status " + std::to_string(answer->status));
    target.adds.push_back(answer && answer->status == 200 ? known::acknowledged : known::unknown);
  }
}

void adder::check() {
  for (const auto& each : counters) {
    const auto answer = until_answered({"POST", "/v1/actors/counter/" + each.key + "/get", "{}"});
    if (!answer || answer->status != 200) {
      found.push_back("get of " + each.key + " failed");
      continue;
    }
    const auto value = std::strtoull(member(answer->body, "value").c_str(), nullptr, 10);
    for (auto& finding : check_counter(each.key, each.adds, value)) found.push_back(finding);
  }
}

void buyer::run() {
  while (!ending()) {
    order bought;
    bought.id = name_ + "-" + std::to_string(orders.size());
    std::string lines;
    for (unsigned i = 0, count = 1 + below(2); i < count; ++i) {
      const std::string sku = skus[(orders.size() + i) % std::size(skus)];
      const unsigned quantity = 1 + below(2);
      bought.lines[sku] = quantity;
      lines += (i ? "," : "") + std::string("{\"sku\":\"") + sku +
               "\",\"quantity\":" + std::to_string(quantity) + "}";
    }
    const bool decline = below(8) == 0, approve = below(4) != 0;
    const std::string input =
        "{\"lines\":[" + lines + "]" + (decline ? ",\"decline\":true" : "") + "}";
    if (!start("checkout", bought.id, input)) return;
    linger(below(60));
    raise(bought.id, "verdict", approve ? "{\"approved\":true}" : "{\"approved\":false}");
    if (const auto status = until_ended(bought.id)) {
      bought.outcome = member(*status, "text");
      bought.seen_finished = starts();
      check_outcome(bought, approve, decline);
    }
    orders.push_back(std::move(bought));
  }
}

void buyer::check_outcome(const order& bought, bool approve, bool decline) {
  const auto& outcome = bought.outcome;
  if (outcome == "out of stock") return;
  const std::string expected = decline ? "card declined" : approve ? "confirmed" : "refunded";
  if (outcome != expected) found.push_back(bought.id + ": '" + outcome + "', not " + expected);
}

void approver::run() {
  while (!ending()) {
    const auto id = name_ + "-" + std::to_string(finished);
    const unsigned kind = below(3);
    const auto begun = std::chrono::steady_clock::now();
    if (!start("approval", id, kind == 2 ? "{\"timeoutSeconds\":1}" : "{\"timeoutSeconds\":3600}"))
      return;
    linger(below(60));
    if (kind != 2) raise(id, "decision", kind ? "{\"approved\":true}" : "{\"approved\":false}");
    const auto status = until_ended(id);
    static constexpr const char* expected[] = {"rejected", "approved", "timed out"};
    if (status && member(*status, "outcome") != expected[kind])
      found.push_back(id + ": '" + member(*status, "outcome") + "', not " + expected[kind]);
    if (kind == 2 && std::chrono::steady_clock::now() - begun < std::chrono::seconds(1))
      found.push_back(id + ": its timer fired early");
    ++finished;
  }
}

void planner::run() {
  while (!ending()) {
    const auto id = name_ + "-" + std::to_string(finished);
    struct plan {
      const char *orchestration, *input, *output;
    };
    static constexpr plan plans[] = {
        {"fan_out", R"({"count":200,"window":20})", R"({"sum":19900})"},
        {"flaky", R"({"failures":2,"attempts":3})", R"({"attempts":3})"},
        {"tree", R"({"depth":2,"width":4})", R"({"leaves":16})"},
        {"monitor", R"({"intervalSeconds":0,"rounds":20})", R"({"rounds":20})"}};
    const auto& next = plans[below(std::size(plans))];
    if (!start(next.orchestration, id, next.input)) return;
    const auto status = until_ended(id);
    if (status && status->find(std::string("\"output\":") + next.output) == std::string::npos)
      found.push_back(id + ": " + *status + ", not " + next.output);
    ++finished;
  }
}

void banker::run() {
  for (const std::string account : accounts) {
    const auto answer = until_answered({"POST", "/v1/actors/account/" + account + "/deposit",
                                        "{\"amount\":100}", name_ + "-" + account});
    if (!answer) return;
    if (answer->status != 200)
      found.push_back("deposit to " + account + ": status " + std::to_string(answer->status));
    put_in[account] += 100;
  }
  while (!ending()) {
    const auto from = below(std::size(accounts));
    const auto to = (from + 1 + below(std::size(accounts) - 1)) % std::size(accounts);
    transfer one{accounts[from], accounts[to], static_cast<std::int64_t>(1 + below(150))};
    const auto id = name_ + "-" + std::to_string(transfers.size());
    if (!start("transfer", id,
               "{\"from\":\"" + one.from + "\",\"to\":\"" + one.to +
                   "\",\"amount\":" + std::to_string(one.amount) + "}"))
      return;
    if (const auto status = until_ended(id)) {
      one.applied = status->find("\"applied\":true") != std::string::npos;
      if (!one.applied && status->find("\"applied\":false") == std::string::npos)
        found.push_back(id + ": " + *status);
    }
    transfers.push_back(one);
  }
}

std::map<std::string, std::int64_t> banker::balances() {
  std::map<std::string, std::int64_t> all;
  for (const std::string account : accounts) {
    const auto answer =
        until_answered({"POST", "/v1/actors/account/" + account + "/balance", "{}"});
    if (answer && answer->status == 200)
      all[account] = std::strtoll(member(answer->body, "balance").c_str(), nullptr, 10);
  }
  return all;
}

void supplier::run() {
  for (unsigned delivery = 0; !ending(); ++delivery) {
    const std::string sku = skus[below(std::size(skus))];
    const unsigned quantity = 1 + below(4);
    const auto answer = until_answered({"POST", "/v1/actors/stock/" + sku + "/restock",
                                        "{\"quantity\":" + std::to_string(quantity) + "}",
                                        "delivery-" + std::to_string(delivery)});
    if (!answer) return;
    if (answer->status != 200)
      found.push_back("restock of " + sku + ": status " + std::to_string(answer->status));
    restocked[sku] += quantity;
    linger(below(30));
  }
}

std::map<std::string, std::uint64_t> supplier::left() {
  std::map<std::string, std::uint64_t> shelves;
  for (const std::string sku : skus) {
    const auto answer =
        until_answered({"POST", "/v1/actors/stock/" + sku + "/get", "{\"quantity\":0}"});
    if (!answer || answer->status != 200) {
      found.push_back("get of stock " + sku + " failed");
      continue;
    }
    shelves[sku] = std::strtoull(member(answer->body, "left").c_str(), nullptr, 10);
  }
  return shelves;
}

}  // namespace reprise::kill
