// bit-rot: one random bit of a data folder flipped, or one file cut, again and again: the folder is
// refused with the file named, or what is damaged is listed and the rest served, or nobody reads the
// byte. Never a wrong answer, never a signal.
//
// Usage: bit-rot SERVER [--store N] [--server N] [--seed N]: N damages for the store alone, over a
// folder of small segments, and N for the real server over one of its own.

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/fault/rot.hpp"
#include "tests/fault/rotten_server.hpp"
#include "tests/fault/rotten_store.hpp"
#include "tests/fault/torn_subjects.hpp"
#include "tests/fault/work_folder.hpp"

namespace {

using namespace reprise::fault;

struct asked {
  std::string server;
  std::size_t store_damages = 300, server_damages = 12;
  std::uint64_t seed = std::random_device{}();
};

// `verdict` looks at the damaged copy. Gives how many findings there were.
template <class Verdict>
std::size_t damage(const std::string& sound, const std::string& copy, std::size_t times,
                   std::uint64_t seed, const std::string& of, const Verdict& verdict) {
  const rot decay(sound);
  std::mt19937_64 chance(seed);
  verdicts all;
  std::size_t findings = 0;
  for (std::size_t i = 0; i < times; ++i) {
    const auto what = decay.damaged_copy(copy, chance);
    const std::string said = verdict();
    all.count(said);
    if (!said.starts_with("FOUND")) continue;
    ++findings;
    std::printf("%s (%s)\n", said.c_str(), what.c_str());
  }
  all.print(of);
  return findings;
}

std::size_t damage_stores(const asked& a, const std::string& within) {
  const auto sound = within + "/store", image = within + "/image";
  if (write_small_segments(sound, within + "/acknowledged", a.seed) != 0)
    throw std::runtime_error("the writer failed");
  auto options = small_options(image);
  options.fold.mode = reprise::persistence::fold_mode::by_hand;
  const auto known = states_of_writer(a.seed);
  return damage(sound, image, a.store_damages, a.seed, "the store",
                [&] { return verdict_of_store(options, known); });
}

std::size_t damage_servers(const asked& a, const std::string& within) {
  const rotten_server subject(a.server, within);
  return damage(subject.sound(), subject.damaged(), a.server_damages, a.seed, "the server",
                [&] { return subject.verdict(); });
}

int run(const asked& a) {
  std::printf("seed: %llu\n", static_cast<unsigned long long>(a.seed));
  const work_folder within("reprise-rot-" + std::to_string(a.seed));
  const auto findings = damage_stores(a, within.path()) + damage_servers(a, within.path());
  std::printf("%zu findings\n", findings);
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
