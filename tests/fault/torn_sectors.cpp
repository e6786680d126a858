// torn-sectors: the power is cut at every flush, and the disk keeps any part of what was not flushed.
//
// Two runs are recorded with everything they write (torn_subjects.hpp). At the flushes of each,
// folders are made as a disk could have them after a power cut (disk_image.hpp), and opened: what was
// acknowledged by then is there, and what is there is exactly what stood in the log at one position.
//
// Usage: torn-sectors SERVER SHIM [--images N] [--seed N]    (SHIM: record_writes.cpp as a library)
// N images of small segments, and as many of the server as fit in REPRISE_SECONDS, at least 40.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <string_view>

#include "tests/fault/disk_image.hpp"
#include "tests/fault/image_check.hpp"
#include "tests/fault/torn_subjects.hpp"
#include "tests/fault/work_folder.hpp"

namespace {

using namespace reprise::fault;
namespace fs = std::filesystem;
using clock_type = std::chrono::steady_clock;

bool is_boundary(act what) {
  return what == act::flush || what == act::flushed || what == act::through;
}

class cutter {
 public:
  cutter(const recording& r, std::string image, std::uint64_t seed)
      : of_(r), image_(std::move(image)), chance_(seed) {}

  // At least `images`, more until `until`.
  void run(std::size_t images, clock_type::time_point until) {
    std::size_t boundaries = 0;
    each_entry(of_.trace, [&](const entry& e) { boundaries += is_boundary(e.head.what); });
    for (std::size_t round = 0; made_ < images || clock_type::now() < until; ++round) {
      // Every boundary once a round, in the order of the trace, or as many as are wanted.
      const auto share = std::min(1.0, double(images) / double(boundaries));
      walk(round == 0 ? share : 1.0, images, until);
      if (findings > 3) break;
    }
    std::printf("%s: %zu images at %zu flushes, %zu uncertain sectors and changes, %zu findings\n",
                of_.name.c_str(), made_, boundaries, uncertain_, findings);
  }

  std::size_t findings = 0;

 private:
  void walk(double share, std::size_t at_least, clock_type::time_point until) {
    disk_image disk(of_.folder);
    position now = 0;
    each_entry(of_.trace, [&](const entry& e) {
      if (e.head.what == act::acknowledged) now = std::max(now, vouched_for(e.data));
      const bool wanted = double(chance_() % 10'000) < share * 10'000;
      if (findings > 3 || (made_ >= at_least && clock_type::now() >= until)) return;
      // Before a flush has returned all of what it flushes is uncertain.
      if (is_boundary(e.head.what) && wanted && e.head.what != act::flush) look(disk, now);
      disk.apply(e);
      if (is_boundary(e.head.what) && wanted) look(disk, now);
    });
  }

  position vouched_for(const std::string& acknowledged) {
    const auto [at, is_new] = vouched_.try_emplace(acknowledged, 0);
    if (is_new) at->second = position_of(of_.known, acknowledged);
    return at->second;
  }

  // Where more is uncertain there are more ways to lose it: those of a fold are few and big.
  void look(const disk_image& disk, position acknowledged) {
    const auto uncertain = look_once(disk, acknowledged);
    for (auto more = std::min<std::size_t>(uncertain / 4, 6); more > 0; --more)
      look_once(disk, acknowledged);
  }

  std::size_t look_once(const disk_image& disk, position acknowledged) {
    fs::remove_all(image_);
    const auto uncertain = disk.make(image_, chance_);
    uncertain_ += uncertain;
    ++made_;
    auto options = of_.options;
    options.folder = image_;
    options.fold.mode = reprise::persistence::fold_mode::by_hand;
    const bool small = options.segment_bytes != 0 && options.segment_bytes < (1 << 20);
    const auto wrong = check_image(options, of_.known, acknowledged,
                                   small || made_ % 4 == 0 ? afterwards::check : afterwards::leave);
    if (wrong.empty()) return uncertain;
    ++findings;
    std::printf("FOUND: %s, image %zu: %s\n", of_.name.c_str(), made_, wrong.c_str());
    return 0;
  }

  const recording& of_;
  std::string image_;
  std::mt19937_64 chance_;
  std::map<std::string, position> vouched_;
  std::size_t made_ = 0, uncertain_ = 0;
};

struct asked {
  std::string server, shim;
  std::size_t images = 1000;
  std::uint64_t seed = std::random_device{}();
};

int run(const asked& a) {
  const char* given = std::getenv("REPRISE_SECONDS");
  const auto until = clock_type::now() + std::chrono::seconds(given ? std::atoi(given) : 0);
  std::printf("seed: %llu\n", static_cast<unsigned long long>(a.seed));
  const work_folder here("reprise-torn-" + std::to_string(a.seed));
  const auto& within = here.path();
  const auto writer = record_writer(a.shim, within, a.seed);
  const auto server = record_server(a.server, a.shim, within);
  cutter small(writer, within + "/image", a.seed);
  small.run(a.images, {});
  cutter real(server, within + "/image", a.seed);
  real.run(40, until);
  const auto findings = small.findings + real.findings;
  std::printf("%zu findings\n", findings);
  return findings == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 5 && std::string_view(argv[1]) == "write")
      return write_small_segments(argv[2], argv[3], std::strtoull(argv[4], nullptr, 10));
    if (argc < 3)
      throw std::runtime_error("usage: torn-sectors SERVER SHIM [--images N] [--seed N]");
    asked a{argv[1], argv[2]};
    for (int i = 3; i + 1 < argc; i += 2) {
      const auto number = std::strtoull(argv[i + 1], nullptr, 10);
      if (std::string_view(argv[i]) == "--images") a.images = number;
      if (std::string_view(argv[i]) == "--seed") a.seed = number;
    }
    return run(a);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "torn-sectors: %s\n", error.what());
    return 2;
  }
}
