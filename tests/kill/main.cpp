// kill-loop: the real server, killed with SIGKILL again and again under load, and started again on
// the same folder. At the end every promise is checked against what the clients were told.
//
// Usage: kill-loop SERVER [--kills N] [--at times|points|mixed] [--seed N] [--folder DIR].
// REPRISE_SECONDS in the
// environment: go on at least that long. Exit status 0: nothing was found; the seed and the counts
// are printed either way.

#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <list>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "tests/kill/client.hpp"
#include "tests/kill/deaths.hpp"

namespace {

using namespace reprise::kill;
namespace fs = std::filesystem;
using clock_type = std::chrono::steady_clock;

struct options {
  std::string server;
  unsigned kills = 30;
  deaths_at how = deaths_at::mixed;
  double seconds = 0;
  std::uint64_t seed = std::random_device{}();
  std::string folder;
};

deaths_at deaths_of(std::string_view word) {
  if (word == "times") return deaths_at::times;
  if (word == "points") return deaths_at::points;
  if (word == "mixed") return deaths_at::mixed;
  throw std::runtime_error("--at takes times, points or mixed");
}

options parse(int argc, char** argv) {
  options asked;
  if (const char* seconds = std::getenv("REPRISE_SECONDS")) asked.seconds = std::atof(seconds);
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (!name.starts_with("--"))
      asked.server = name;
    else if (++i == argc)
      throw std::runtime_error(std::string(name) + " needs a value");
    else if (name == "--kills")
      asked.kills = static_cast<unsigned>(std::atoi(argv[i]));
    else if (name == "--at")
      asked.how = deaths_of(argv[i]);
    else if (name == "--seed")
      asked.seed = std::strtoull(argv[i], nullptr, 10);
    else if (name == "--folder")
      asked.folder = argv[i];
    else
      throw std::runtime_error("no option " + std::string(name));
  }
  if (asked.server.empty())
    throw std::runtime_error("usage: kill-loop SERVER [--kills N] [--seed N]");
  if (asked.folder.empty())
    asked.folder =
        (fs::temp_directory_path() / ("reprise-kill-" + std::to_string(asked.seed))).string();
  return asked;
}

// All clients, and the threads they run on.
class crowd {
 public:
  crowd(stage& on, std::uint64_t seed) : supplier_(on, seed) {
    for (unsigned i = 0; i < 2; ++i) {
      const auto name = std::to_string(i);
      adders_.emplace_back(on, ++seed, "plain" + name, adder::keys::without);
      adders_.emplace_back(on, ++seed, "keyed" + name, adder::keys::with);
      buyers_.emplace_back(on, ++seed, "order" + name);
      approvers_.emplace_back(on, ++seed, "leave" + name);
      planners_.emplace_back(on, ++seed, "plan" + name);
      bankers_.emplace_back(on, ++seed, "bank" + name);
      purgers_.emplace_back(on, ++seed, "short" + name);
      readers_.emplace_back(on, ++seed, "meter" + name);
    }
    threads_.emplace_back([this] { supplier_.run(); });
    for (auto& each : adders_) threads_.emplace_back([&each] { each.run(); });
    for (auto& each : buyers_) threads_.emplace_back([&each] { each.run(); });
    for (auto& each : approvers_) threads_.emplace_back([&each] { each.run(); });
    for (auto& each : planners_) threads_.emplace_back([&each] { each.run(); });
    for (auto& each : bankers_) threads_.emplace_back([&each] { each.run(); });
    for (auto& each : purgers_) threads_.emplace_back([&each] { each.run(); });
    for (auto& each : readers_) threads_.emplace_back([&each] { each.run(); });
  }

  void join() {
    for (auto& thread : threads_) thread.join();
    threads_.clear();
  }

  // After join, with the server up: reads what is there and holds it against what was told.
  findings check(const std::string& ledger, const std::vector<int>& processes) {
    findings all;
    const auto take = [&](const findings& some) {
      all.insert(all.end(), some.begin(), some.end());
    };
    for (auto& each : adders_) {
      each.check();
      take(each.found);
    }
    std::vector<order> orders;
    for (auto& each : buyers_) {
      take(each.found);
      orders.insert(orders.end(), each.orders.begin(), each.orders.end());
    }
    for (auto& each : approvers_) take(each.found);
    for (auto& each : planners_) take(each.found);
    for (auto& each : readers_) take(each.found);
    for (auto& each : purgers_) {
      each.check();
      take(each.found);
    }
    take(check_money());
    take(check_stock(supplier_.restocked, supplier_.left(), orders));
    take(supplier_.found);
    const auto lines = parse_ledger(ledger);
    take(check_ledger(lines, orders, processes));
    print_counts(orders);
    std::printf("ledger: %zu lines, %zu steps ran again after a kill\n", lines.size(),
                count_run_again(lines));
    return all;
  }

 private:
  findings check_money() {
    std::map<std::string, std::int64_t> put_in;
    std::vector<transfer> transfers;
    findings all;
    for (auto& each : bankers_) {
      for (const auto& [account, amount] : each.put_in) put_in[account] += amount;
      transfers.insert(transfers.end(), each.transfers.begin(), each.transfers.end());
      all.insert(all.end(), each.found.begin(), each.found.end());
    }
    const auto wrong = check_accounts(put_in, bankers_.front().balances(), transfers);
    all.insert(all.end(), wrong.begin(), wrong.end());
    const auto applied = std::count_if(transfers.begin(), transfers.end(),
                                       [](const auto& each) { return each.applied; });
    std::printf("transfers: %zu, %td applied\n", transfers.size(), applied);
    return all;
  }

  void print_counts(const std::vector<order>& orders) const {
    std::size_t acknowledged = 0, unknown = 0, approvals = 0, plans = 0;
    for (const auto& each : adders_)
      for (const auto& counter : each.counters)
        for (const auto add : counter.adds) ++(add == known::acknowledged ? acknowledged : unknown);
    for (const auto& each : approvers_) approvals += each.finished;
    for (const auto& each : planners_) plans += each.finished;
    const auto count = [&](std::string_view outcome) {
      return std::count_if(orders.begin(), orders.end(),
                           [&](const auto& each) { return each.outcome == outcome; });
    };
    std::printf("adds: %zu acknowledged, %zu without an answer\n", acknowledged, unknown);
    std::printf("orders: %zu (%td confirmed, %td refunded, %td declined, %td out of stock)\n",
                orders.size(), count("confirmed"), count("refunded"), count("card declined"),
                count("out of stock"));
    std::size_t purged = 0, meters = 0;
    for (const auto& each : purgers_) purged += each.purged.size();
    for (const auto& each : readers_) meters += each.finished;
    std::printf("approvals: %zu, plans: %zu, purged: %zu, meters: %zu\n", approvals, plans, purged,
                meters);
  }

  supplier supplier_;
  std::list<adder> adders_;
  std::list<buyer> buyers_;
  std::list<approver> approvers_;
  std::list<planner> planners_;
  std::list<banker> bankers_;
  std::list<purger> purgers_;
  std::list<reader> readers_;
  std::vector<std::thread> threads_;
};

// What a command of the server says of the folder that nobody holds: its exit status.
int look_with(const options& asked, const std::string& command, const char* rest = "") {
  const int status =
      std::system((asked.server + " " + command + " " + asked.folder + "/data" + rest).c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

findings run(const options& asked) {
  fs::remove_all(asked.folder);
  fs::create_directories(asked.folder);
  server_process server(asked.server, asked.folder);
  stage on{server};
  std::vector<int> processes;
  const auto started = [&] { processes.push_back(server.pid()); };
  server.start();
  started();
  crowd all(on, asked.seed);
  deaths way(asked.how, asked.seed);
  const auto begin = clock_type::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(clock_type::now() - begin).count();
  };
  unsigned kills = 0;
  try {
    while ((kills < asked.kills || elapsed() < asked.seconds) && !on.giving_up) {
      if (kills == 0) server.kill_now();
      way.one(server, started);
      ++kills;
    }
    server.start();
    started();
  } catch (...) {
    on.giving_up = true;
    all.join();
    throw;
  }
  on.ending = true;
  all.join();
  std::printf("kills: %u in %.0f s, %zu starts\n", kills, elapsed(), processes.size());
  way.print();
  std::ifstream file(asked.folder + "/ledger");
  const std::string ledger((std::istreambuf_iterator<char>(file)), {});
  auto found = all.check(ledger, processes);
  if (const int status = server.stop(); status != 0)
    found.push_back("SIGTERM: exit status " + std::to_string(status));
  if (const int status = look_with(asked, "store check"); status != 0)
    found.push_back("store check: exit status " + std::to_string(status));
  if (const int status = look_with(asked, "replay", " --all"); status != 0)
    found.push_back("replay --all: exit status " + std::to_string(status));
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto asked = parse(argc, argv);
    std::printf("seed: %llu, folder: %s\n", static_cast<unsigned long long>(asked.seed),
                asked.folder.c_str());
    std::fflush(stdout);
    const auto found = run(asked);
    for (const auto& each : found) std::printf("FOUND: %s\n", each.c_str());
    std::printf("%zu findings\n", found.size());
    if (found.empty()) fs::remove_all(asked.folder);
    return found.empty() ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "kill-loop: %s\n", error.what());
    return 2;
  }
}
