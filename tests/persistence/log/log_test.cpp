// The log alone: what is read back, where it ends, and what is refused. Rules are those of
// docs/architecture.md.

#include <fcntl.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "persistence/check.hpp"
#include "persistence/log/log_scan.hpp"
#include "persistence/log/segment_log.hpp"
#include "tests/persistence/stores.hpp"

using namespace reprise::persistence;
using namespace reprise::persistence::internal;
using namespace reprise::persistence::testing;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t id = 42;
constexpr std::size_t segment_size = 2048;

// A log in a folder, and every transition that was flushed into it.
struct journal {
  explicit journal(const std::string& in) : settings{in, id, segment_size} {}

  void create() { BOOST_TEST_REQUIRE(segment_log::create(settings).has_value()); }
  void open(position folded = 0) {
    const auto e = scan(folded);
    BOOST_TEST_REQUIRE(e.damage.empty());
    auto opened = segment_log::open(settings, e);
    BOOST_TEST_REQUIRE(opened.has_value());
    log = std::move(*opened);
    next = e.next;
  }
  void write(term in, std::size_t bytes = 100) {
    const batch b = w().put("key", std::string(bytes, static_cast<char>('a' + next % 26)));
    BOOST_TEST_REQUIRE(log->write(in, next, {&b, 1}).has_value());
    BOOST_TEST_REQUIRE(log->flush().has_value());
    flushed[next++] = b.bytes();
  }
  void begin(term in) {
    BOOST_TEST_REQUIRE(log->write(in, next, {}).has_value());
    BOOST_TEST_REQUIRE(log->flush().has_value());
  }
  log_extent scan(position folded = 0) {
    found.clear();
    auto e = scan_log(settings.folder, id, folded, [this](std::span<const logged_transition> some) {
      return [this, all = std::vector(some.begin(), some.end())] {
        for (const auto& t : all) found[t.at] = t.writes;  // beside the reading of the next segment
      };
    });
    BOOST_TEST_REQUIRE(e.has_value());
    return std::move(*e);
  }

  segment_log::settings settings;
  std::unique_ptr<segment_log> log;
  position next = 1;
  std::map<position, std::string> flushed, found;
};

void overwrite(const std::string& path, std::size_t at, std::string_view bytes) {
  auto f = file::open(path, O_RDWR);
  BOOST_TEST_REQUIRE(f.has_value());
  BOOST_TEST_REQUIRE(f->write(bytes, at) == 0);
}

std::uint64_t id_of(const temporary_folder& folder) {
  const auto text = read_file(folder / "format");
  return std::stoull(text.substr(text.find("id ") + 3), nullptr, 16);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(segmented_log)

BOOST_AUTO_TEST_CASE(flushed_frames_are_read_back_through_many_segments) {
  temporary_folder folder;
  journal j(folder.path());
  j.create();
  j.open();
  for (int i = 0; i < 100; ++i) j.write(1, 50 + static_cast<std::size_t>(i) * 7 % 400);
  const auto e = j.scan();
  BOOST_TEST(e.live.size() > 5u);
  BOOST_TEST((j.found == j.flushed));
  BOOST_TEST(e.next == 101u);
}

// Rule 1.
BOOST_AUTO_TEST_CASE(a_torn_last_frame_over_stale_frames_of_the_same_term_is_a_normal_end) {
  temporary_folder folder;
  journal j(folder.path());
  j.create();
  j.open();
  while (j.scan().live.size() < 4) j.write(1);
  j.log->release(j.next - 1);  // all but the current one may be used again
  const auto files = std::distance(fs::directory_iterator(folder.path()), {});
  const auto current = [&] { return j.scan(j.next - 1).live.back().path; };
  for (const auto left = current(); current() == left;) j.write(1);
  for (int i = 0; i < 3; ++i) j.write(1);
  BOOST_TEST(std::distance(fs::directory_iterator(folder.path()), {}) == files);  // it was recycled
  const auto whole = j.scan(j.next - 2);
  BOOST_TEST_REQUIRE(whole.damage.empty());
  const auto path = whole.live.back().path;
  const auto bytes = read_file(path);
  BOOST_TEST_REQUIRE(read_frame(bytes, whole.last_frame, id).has_value());
  std::size_t stale = 0;
  for (auto at = whole.end; at + 8 < bytes.size(); at += 8)
    if (const auto f = read_frame(bytes, at, id)) stale += f->first < whole.next && f->term == 1;
  BOOST_TEST_REQUIRE(stale > 0u);  // else this case shows nothing
  overwrite(path, whole.last_frame + 60, "torn");
  const auto torn = j.scan(j.next - 2);
  BOOST_TEST(torn.damage.empty());
  BOOST_TEST(torn.next == whole.next - 1);
}

// Rule 1.
BOOST_AUTO_TEST_CASE(frames_in_the_segment_after_a_tail_that_was_too_short_are_found) {
  temporary_folder folder;
  journal j(folder.path());
  j.create();
  j.open();
  j.write(1, 1400);
  j.write(1, 1400);  // does not fit behind the first
  j.log->release(2);
  j.write(1, 1400);  // in the first segment again: the tail behind it is stale
  j.write(1, 300);
  const auto e = j.scan(1);
  BOOST_TEST(e.damage.empty());
  BOOST_TEST(e.next == 5u);
  BOOST_TEST(j.found.size() == 3u);
  j.open(1);
  j.write(2);
  BOOST_TEST(j.scan(1).next == 6u);
}

// Rule 1.
BOOST_AUTO_TEST_CASE(frames_that_were_cut_never_come_back) {
  temporary_folder folder;
  auto options = small(folder.path());
  options.segment_bytes = 1 << 16;
  {
    auto s = opened(options);
    for (int i = 0; i < 20; ++i)
      commit(*s, {w().put("k" + std::to_string(i), std::string(100, 'x'))});
  }
  const auto path = segments(folder.path()).front();
  auto bytes = read_file(path);
  const auto frame_of_key = [&](int i) {
    return bytes.find(std::string("k") + std::to_string(i) + std::string(1, '\0'));
  };
  bytes[frame_of_key(10)] ^= 1;
  write_file(path, bytes);
  const auto refused = open_lmdb_store(options);
  BOOST_TEST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().code == errc::corrupt));
  BOOST_TEST(refused.error().text.find(path) != std::string::npos);
  BOOST_TEST(refused.error().text.find("position 10") != std::string::npos);

  const auto report = check_folder(folder.path(), repair::cut);
  BOOST_TEST_REQUIRE(report.has_value());
  BOOST_TEST(report->findings.empty());
  BOOST_TEST(report->cut == 9u);
  term before = 0;
  {
    auto s = opened(options);
    BOOST_TEST(s->durable() == 10u);
    before = s->term();
    // Frames of the very size of those that were cut, so that the old ones begin where these end.
    for (int i = 10; i < 15; ++i)
      commit(*s, {w().put("k" + std::to_string(i), std::string(100, 'y'))});
  }
  auto s = opened(options);
  BOOST_TEST(s->durable() == 15u);
  BOOST_TEST(s->term() > before);
  BOOST_TEST(!get(*s, "k16").has_value());
}

BOOST_AUTO_TEST_CASE(the_end_may_be_cut_at_any_byte_and_a_prefix_is_read) {
  temporary_folder folder;
  journal j(folder.path());
  j.create();
  j.open();
  j.begin(1);
  for (int i = 0; i < 3; ++i) j.write(1, 40);
  const auto whole = j.scan();
  const auto path = whole.live.back().path;
  const auto bytes = read_file(path);
  for (auto size = whole.last_frame; size < whole.end; ++size) {
    auto torn = bytes.substr(0, size);
    torn.resize(bytes.size(), '\0');
    write_file(path, torn);
    const auto e = j.scan();
    BOOST_TEST(e.damage.empty());
    // Padding behind the payload is no part of the frame.
    BOOST_TEST((e.next == 3u || (e.next == 4u && torn == bytes)));
  }
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_before_the_last_frame_is_named_and_none_gives_a_wrong_answer) {
  temporary_folder folder;
  journal j(folder.path());
  j.create();
  j.open();
  j.begin(1);
  for (int i = 0; i < 18; ++i) j.write(1, 200);
  const auto whole = j.scan();
  BOOST_TEST_REQUIRE(whole.live.size() == 3u);
  for (const auto& segment : whole.live) {
    const auto bytes = read_file(segment.path);
    const bool last = segment.path == whole.live.back().path;
    for (std::size_t at = 0; at < (last ? whole.end : bytes.size()); ++at) {
      auto other = bytes;
      other[at] = static_cast<char>(other[at] ^ 0x10);
      write_file(segment.path, other);
      const auto e = j.scan();
      if (e.damage.empty()) {
        // Only what nobody reads, or the last frame, which may be torn.
        BOOST_TEST(
            (j.found == j.flushed || (last && at >= whole.last_frame && e.next == whole.next - 1)));
      } else {
        BOOST_TEST(damage_of(e)->text.find(".segment") != std::string::npos);
      }
    }
    write_file(segment.path, bytes);
  }
}

BOOST_AUTO_TEST_CASE(a_frame_of_a_lower_term_does_not_belong_to_the_log) {
  temporary_folder folder;
  journal j(folder.path());
  j.create();
  j.open();
  j.begin(5);
  j.write(5);
  j.write(4);
  const auto e = j.scan();
  BOOST_TEST(e.next == 2u);
  BOOST_TEST(!e.damage.empty());
}

// Checksum, position and term fit; the frame before it was another one.
BOOST_AUTO_TEST_CASE(a_frame_of_another_past_does_not_belong_to_the_log) {
  temporary_folder folder, other;
  journal j(folder.path()), k(other.path());
  for (auto* one : {&j, &k}) one->create(), one->open();
  j.write(1, 100);
  k.write(1, 101);  // padded to the same size
  for (auto* one : {&j, &k}) one->write(1);
  const auto e = j.scan();
  BOOST_TEST_REQUIRE(e.last_frame == k.scan().last_frame);
  const auto path = e.live.front().path;
  const auto theirs = read_file(k.scan().live.front().path);
  overwrite(path, e.last_frame, theirs.substr(e.last_frame, e.end - e.last_frame));
  BOOST_TEST_REQUIRE(read_frame(read_file(path), e.last_frame, id)->first == 2u);
  const auto spliced = j.scan();
  BOOST_TEST(spliced.next == 2u);
  BOOST_TEST(!spliced.damage.empty());
}

BOOST_AUTO_TEST_CASE(a_segment_that_the_tables_do_not_have_is_not_used_again) {
  temporary_folder folder;
  journal j(folder.path());
  j.create();
  j.open();
  while (j.scan().live.size() < 5) j.write(1);
  const auto folded =
      j.scan().live[2].header->first;  // the third segment is needed from its second on
  j.log->release(folded);
  for (int i = 0; i < 40; ++i) j.write(1);
  const auto e = j.scan(folded);
  BOOST_TEST(e.damage.empty());
  BOOST_TEST(e.next == j.next);
  j.flushed.erase(j.flushed.begin(), j.flushed.upper_bound(folded));
  BOOST_TEST((j.found == j.flushed));
}

// Wherever a fold ends, also one transition before a segment does.
BOOST_AUTO_TEST_CASE(frames_that_are_not_folded_are_there_after_any_release) {
  for (position folded = 1;; ++folded) {
    temporary_folder folder;
    journal j(folder.path());
    j.create();
    j.open();
    while (j.scan().live.size() < 3) j.write(1);
    if (folded + 1 == j.next) break;
    j.log->release(folded);
    for (int i = 0; i < 25; ++i) j.write(1);
    BOOST_TEST(j.scan(folded).damage.empty(), "folded to " << folded);
    for (auto at = folded + 1; at < j.next; ++at)
      BOOST_TEST((j.found[at] == j.flushed[at]), at << ", folded to " << folded);
  }
}

BOOST_AUTO_TEST_CASE(frames_of_another_folder_are_reported_as_damage) {
  temporary_folder folder;
  journal j(folder.path());
  j.create();
  j.open();
  j.write(1);
  const auto e = scan_log(folder.path(), id + 1, 0, {});
  BOOST_TEST_REQUIRE(e.has_value());
  BOOST_TEST(e->frames == 0u);
  BOOST_TEST(!e->damage.empty());
}

BOOST_AUTO_TEST_CASE(a_lost_segment_is_named) {
  for (std::size_t gone = 0; gone < 3; ++gone) {
    temporary_folder folder;
    journal j(folder.path());
    j.create();
    j.open();
    while (j.scan().live.size() < 3) j.write(1);
    j.write(1);
    fs::remove(j.scan().live[gone].path);
    const auto e = j.scan();
    // Without the last one nothing says that there was more; the closing frame before it may be the
    // end.
    BOOST_TEST(e.damage.empty() == (gone == 2));
    if (gone == 2) BOOST_TEST(!j.scan(j.next - 1).damage.empty());  // but the tables do
  }
}

// Rule 9: every opening flushes its term before it is used, also when nothing else is written.
BOOST_AUTO_TEST_CASE(a_term_is_durable_before_it_is_used) {
  temporary_folder folder;
  auto options = small(folder.path());
  term last = 0;
  for (int i = 0; i < 5; ++i) {
    auto s = opened(options);
    BOOST_TEST(s->term() > last);
    last = s->term();
    const auto path = segments(folder.path()).front();
    const auto bytes = read_file(path);
    std::size_t frames_of_term = 0;
    for (std::size_t at = segment_header_size; at + 8 < bytes.size(); at += 8)
      if (const auto f = read_frame(bytes, at, id_of(folder))) frames_of_term += f->term == last;
    BOOST_TEST(frames_of_term == 1u);
  }
}

// Rule 9.
BOOST_AUTO_TEST_CASE(no_segment_is_used_again_before_the_first_fold_of_a_term) {
  temporary_folder folder;
  auto options = small(folder.path());
  options.segment_bytes = 4096;
  const auto fill = [](store& s, int groups) {
    for (int i = 0; i < groups; ++i) commit(s, {w().put("k", std::string(1000, 'x'))});
  };
  {
    auto s = opened(options);
    fill(*s, 8);
    BOOST_TEST_REQUIRE(fold_now(*s).has_value());
  }
  std::map<std::string, std::string> before;
  for (const auto& path : segments(folder.path())) before[path] = read_file(path);
  auto s = opened(options);
  fill(*s, 8);
  std::size_t changed = 0;
  for (const auto& [path, bytes] : before) {
    const auto header = read_segment_header(bytes, id_of(folder));
    const bool spare = header && header->sequence == 0;  // never part of the log
    changed += !spare && read_file(path) != bytes;
  }
  BOOST_TEST(changed == 1u);  // the one that was being written
  BOOST_TEST_REQUIRE(fold_now(*s).has_value());
  const auto files = segments(folder.path()).size();
  fill(*s, 8);
  BOOST_TEST(segments(folder.path()).size() == files);  // now they are
}

BOOST_AUTO_TEST_SUITE_END()
