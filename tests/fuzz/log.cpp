// A segment whose checksums fit and whose contents do not: the input says what stands in each frame.
// Recovery reads a prefix of it or names the damage, and its positions ascend, without a gap if it is to be served.

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "persistence/batch.hpp"
#include "persistence/log/frame.hpp"
#include "persistence/log/log_scan.hpp"

using namespace reprise::persistence;
using namespace reprise::persistence::internal;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t id = 42;

void require(bool held) {
  if (!held) std::abort();
}

// Takes values off the input; zeros when there is nothing left.
struct source {
  std::string_view rest;
  std::uint64_t number(std::size_t size) {
    std::uint64_t n = 0;
    size = std::min(size, rest.size());
    std::memcpy(&n, rest.data(), size);
    rest.remove_prefix(size);
    return n;
  }
  std::string_view bytes(std::size_t size) {
    const auto taken = rest.substr(0, size);
    rest.remove_prefix(taken.size());
    return taken;
  }
};

// Frames by append_frame, then damaged inside and given a checksum that fits (frame.hpp: the first
// 8 bytes, XXH3 of what follows, seeded with the folder's id).
std::string segment_of(source in) {
  auto segment = encode(segment_header{1, 1, 0}, id);
  std::uint64_t previous = 0;
  position next = 1;
  for (int frames = 0; frames < 8 && !in.rest.empty(); ++frames) {
    const auto form = in.number(1);
    const auto from = segment.size();
    batch b;
    b.put(
        "\x01"
        "key",
        in.bytes(form % 64));
    frame_header head;
    head.kind = form % 16 == 15 ? frame_kind::closing : frame_kind::group;
    head.term = 1 + form / 64;
    head.first = next;
    head.previous = previous;
    previous = append_frame(segment, head, {&b, head.kind == frame_kind::closing ? 0u : 1u}, id);
    ++next;
    const auto size = segment.size() - from;
    const auto made = read_frame(segment, from, id);
    require(made.has_value());
    for (auto damages = in.number(1) % 4; damages > 0; --damages) {
      const auto at = 8 + in.number(2) % (size - 8);
      segment[from + at] = static_cast<char>(in.number(1));
    }
    const auto covered = frame_header_size + made->bytes;
    previous = XXH3_64bits_withSeed(segment.data() + from + 8, covered - 8, id);
    std::memcpy(segment.data() + from, &previous, 8);
  }
  segment.append(512, '\0');
  return segment;
}

std::string folder() {
  const fs::path memory = "/dev/shm";
  const auto path = (fs::exists(memory) ? memory : fs::temp_directory_path()) /
                    ("reprise-fuzz-log-" + std::to_string(::getpid()));
  fs::create_directories(path);
  return path.string();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto log = folder();
  static const bool goes_away = std::atexit([] { fs::remove_all(log); }) == 0;
  require(goes_away);
  source in{{reinterpret_cast<const char*>(bytes), size}};
  const position folded = in.number(1) % 4;
  const auto segment = segment_of(in);
  std::ofstream(log + "/000001.segment", std::ios::binary) << segment;
  position last = folded;
  bool gap = false;
  const auto extent = scan_log(log, id, folded, [&](std::span<const logged_transition> some) {
    for (const auto& [at, writes] : some) {
      require(at > last);
      gap = gap || at != last + 1;
      last = at;
      write_reader walk(writes);
      while (walk.next()) continue;
      require(!walk.torn());
    }
    return segment_work();
  });
  require(extent.has_value());
  // A log with damage is never served.
  if (extent->damage.empty()) require(!gap && extent->next == last + 1);
  return 0;
}
