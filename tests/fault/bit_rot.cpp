// bit-rot: one random bit of a data folder flipped, or one file cut, again and again: the folder is
// refused with the file named, or what is damaged is listed and the rest served, or nobody reads the
// byte. Never a wrong answer, never a signal.
//
// Usage: bit-rot SERVER [--store N] [--server N] [--seed N]: N damages for the store alone, over a
// folder of small segments, and N for the real server over one of its own.

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/fault/rot.hpp"
#include "tests/fault/rotten_server.hpp"
#include "tests/fault/rotten_store.hpp"
#include "tests/fault/torn_subjects.hpp"

namespace {

using namespace reprise::fault;
namespace fs = std::filesystem;

struct asked {
  std::string server;
  std::size_t store_damages = 300, server_damages = 12;
  std::uint64_t seed = std::random_device{}();
};

bool is_finding(const std::string& verdict) { return verdict.starts_with("FOUND"); }

std::size_t damage_stores(const asked& a, const std::string& within) {
  const auto sound = within + "/store", image = within + "/image";
  if (write_small_segments(sound, within + "/acknowledged", a.seed) != 0)
    throw std::runtime_error("the writer failed");
  auto options = small_options(image);
  options.fold.mode = reprise::persistence::fold_mode::by_hand;
  const auto known = states_of_writer(a.seed);
  const rot decay(sound);
  std::mt19937_64 chance(a.seed);
  verdicts all;
  std::size_t findings = 0;
  for (std::size_t i = 0; i < a.store_damages; ++i) {
    const auto what = decay.damaged_copy(image, chance);
    const auto verdict = verdict_of_store(options, known);
    all.count(verdict);
    if (!is_finding(verdict)) continue;
    ++findings;
    std::printf("%s (%s)\n", verdict.c_str(), what.c_str());
  }
  all.print("the store");
  return findings;
}

std::size_t damage_servers(const asked& a, const std::string& within) {
  rotten_server subject(a.server, within);
  const rot decay(subject.sound());
  std::mt19937_64 chance(a.seed);
  verdicts all;
  std::size_t findings = 0;
  for (std::size_t i = 0; i < a.server_damages; ++i) {
    const auto what = decay.damaged_copy(subject.damaged(), chance);
    const auto verdict = subject.verdict();
    all.count(verdict);
    if (!is_finding(verdict)) continue;
    ++findings;
    std::printf("%s (%s)\n", verdict.c_str(), what.c_str());
  }
  all.print("the server");
  return findings;
}

int run(const asked& a) {
  std::printf("seed: %llu\n", static_cast<unsigned long long>(a.seed));
  const fs::path memory = "/dev/shm";
  const auto within = (fs::exists(memory) ? memory : fs::temp_directory_path()) /
                      ("reprise-rot-" + std::to_string(a.seed));
  fs::remove_all(within);
  fs::create_directories(within);
  const auto findings = damage_stores(a, within.string()) + damage_servers(a, within.string());
  std::printf("%zu findings\n", findings);
  fs::remove_all(within);
  return findings == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 2) throw std::runtime_error("usage: bit-rot SERVER [--store N] [--server N]");
    asked a{argv[1]};
    for (int i = 2; i + 1 < argc; i += 2) {
      const auto number = std::strtoull(argv[i + 1], nullptr, 10);
      if (std::string_view(argv[i]) == "--store") a.store_damages = number;
      if (std::string_view(argv[i]) == "--server") a.server_damages = number;
      if (std::string_view(argv[i]) == "--seed") a.seed = number;
    }
    return run(a);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bit-rot: %s\n", error.what());
    return 2;
  }
}
