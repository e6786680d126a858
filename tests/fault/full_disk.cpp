// full-disk: the real server on real small filesystems that are filled by others and by itself; room
// is made and taken again.
//
// Every time: while there is no room writes are refused with 507, reads go on, /readyz is red and says
// why, the log says it once; when there is room it goes on by itself, and nothing that was
// acknowledged is lost.
//
// Usage: full-disk SERVER    Exit status 0: nothing found, or nothing may be mounted here and this is
// not CI (environment CI).

#include <poll.h>
#include <sched.h>
#include <sys/mount.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/fault/served_site.hpp"
#include "tests/fault/small_disk.hpp"

namespace {

using namespace reprise::fault;
namespace fs = std::filesystem;

unsigned checks = 0, findings = 0;

class trial {
 public:
  trial(const std::string& program, small_disk& disk, std::string name, const std::string& folder)
      : disk_(disk), name_(std::move(name)), site_(program, folder, served_site::folder::keep) {}

  void run(unsigned megabytes) {
    disk_.take(std::uint64_t{megabytes} << 18);  // a quarter
    site_.start();
    for (int i = 0; i < 20; ++i) expect(site_.add() == 200, "an add is acknowledged");
    fill();
    expect_full("filled by itself", 1);
    disk_.make_room();
    expect_service("after a quarter was freed");
    disk_.take_all();
    fill();
    expect_full("filled by others", 2);
    disk_.make_room();
    expect_service("after all of it was freed");
    disk_.take_all();
    fill();
    expect_full("taken again", 3);
    site_.server.kill_now();
    disk_.make_room();
    site_.start();
    expect_service("after a death on a full disk");
    expect(site_.server.stop() == 0, "SIGTERM ends it with status 0");
  }

 private:
  // Big starts until they are refused for lack of room; nothing else may be said on the way there but
  // that a group was not applied, or that the disk is behind.
  void fill() {
    const std::string big = "{\"texts\":[\"" + std::string(400'000, 'x') + "\"]}";
    for (int in_a_row = 0; in_a_row < 5;) {  // the lane's limit ends one that never is full
      const int status =
          site_.start_instance("word_count", "big-" + std::to_string(++started_), big);
      in_a_row = status == 507 ? in_a_row + 1 : 0;
      if (status != 202 && status != 507 && status != 503)
        return expect(false, "a start is answered with " + std::to_string(status));
      if (status == 503) ::poll(nullptr, 0, 20);
    }
  }

  void expect_full(const std::string& how, unsigned times) {
    const std::string when = " on a disk " + how;
    for (int i = 0; i < 20; ++i) {
      const int status = site_.add();
      expect(status == 507, "an add is refused with 507, not " + std::to_string(status) + when);
    }
    expect(site_.kept(), "reads go on, and what was acknowledged is there" + when);
    const auto ready = site_.get("/readyz");
    expect(ready.status == 503 && ready.body.find("disk is full") != ready.body.npos,
           "/readyz is red and says why" + when + ": " + ready.body);
    expect(site_.get("/livez").status == 200, "/livez is green" + when);
    const auto page = site_.get("/metrics").body;
    for (const auto* line : {"\nreprise_ready 0\n", "\nreprise_disk_full 1\n"})
      expect(page.find(line) != page.npos, "/metrics has" + std::string(line) + when);
    expect(lines_with("there is no room") == times, "it is said once" + when);
    expect(lines_with("cannot be written") == 0, "and nothing else is" + when);
  }

  void expect_service(const std::string& when) {
    while (site_.add() != 200) ::poll(nullptr, 0, 50);  // the lane's limit ends one that never does
    while (site_.get("/readyz").status != 200) ::poll(nullptr, 0, 50);
    for (int i = 0; i < 20; ++i) expect(site_.add() == 200, "an add is acknowledged " + when);
    expect(site_.kept(), "what was acknowledged is there " + when);
  }

  unsigned lines_with(const std::string& words) const {
    std::ifstream log(site_.server.folder() + "/log");
    unsigned lines = 0;
    for (std::string line; std::getline(log, line);) lines += line.find(words) != line.npos;
    return lines;
  }

  void expect(bool held, const std::string& what) {
    ++checks;
    if (held) return;
    ++findings;
    std::printf("FOUND: %s: not so: %s\n", name_.c_str(), what.c_str());
  }

  small_disk& disk_;
  std::string name_;
  served_site site_;
  unsigned started_ = 0;
};

struct disk_row {
  small_disk::kind kind;
  unsigned megabytes;
};
constexpr disk_row disks[] = {{small_disk::kind::tmpfs, 40},  {small_disk::kind::tmpfs, 100},
                              {small_disk::kind::tmpfs, 150}, {small_disk::kind::tmpfs, 300},
                              {small_disk::kind::ext4, 100},  {small_disk::kind::ext4, 150},
                              {small_disk::kind::ext4, 300}};

int skipped() {
  std::printf("skipped: nothing may be mounted here\n");
  const char* ci = std::getenv("CI");
  return ci != nullptr && *ci != '\0' ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: full-disk SERVER\n");
    return 2;
  }
  // What is mounted goes with this process.
  if (::unshare(CLONE_NEWNS) != 0 ||
      ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return skipped();
  try {
    const auto top = (fs::temp_directory_path() / "reprise-full-disk").string();
    for (const auto& [kind, megabytes] : disks) {
      const auto name = (kind == small_disk::kind::tmpfs ? "tmpfs " : "ext4 ") +
                        std::to_string(megabytes) + " MB";
      const auto folder = top + "/site";
      fs::remove_all(top);
      fs::create_directories(folder + "/disk");
      fs::create_symlink("disk/data", folder + "/data");
      const auto disk = small_disk::mount(kind, folder + "/disk", megabytes);
      if (!disk) return skipped();
      fs::create_directory(folder + "/disk/data");
      trial(argv[1], *disk, name, folder).run(megabytes);
      std::printf("%s: done\n", name.c_str());
    }
    fs::remove_all(top);
    std::printf("%u checks, %u findings\n", checks, findings);
    return findings == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "full-disk: %s\n", error.what());
    return 2;
  }
}
