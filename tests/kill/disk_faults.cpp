// disk-faults: the real server on a disk that is full for a while, and on one whose flush fails.
//
// Full: callers hear that nothing was applied, reads go on, and service resumes by itself. A failed
// flush, of the log or of the tables: the server ends with status 70 and says why, once, and a new
// start has lost nothing that was acknowledged.
//
// Usage: disk-faults SERVER SHIM    (SHIM: bad_disk.cpp as a library). Exit status 0: nothing found.

#include <poll.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "tests/kill/http_client.hpp"
#include "tests/kill/server_process.hpp"

namespace {

using namespace reprise::kill;
namespace fs = std::filesystem;

// A new folder; the same run may go on beside this one.
std::string new_folder() {
  auto name = (fs::temp_directory_path() / "reprise-disk-faults-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

class trial {
 public:
  trial(const std::string& program, const std::string& shim)
      : folder_(new_folder()), server_(program, folder_) {
    ::setenv("LD_PRELOAD", shim.c_str(), 1);
    ::setenv("REPRISE_BAD_DISK", (folder_ + "/how").c_str(), 1);
  }

  unsigned run() {
    server_.start();
    for (unsigned i = 0; i < 20; ++i) expect(add() == 200, "an add on a good disk is acknowledged");
    full_disk();
    broken_flush();
    broken_fold();
    expect(server_.stop() == 0, "SIGTERM ends it with status 0");
    if (findings_ == 0) fs::remove_all(folder_);
    std::printf("%u checks, %u findings\n", checks_, findings_);
    return findings_;
  }

 private:
  void full_disk() {
    disk_is("full");
    for (unsigned i = 0; i < 5; ++i) {
      const int status = add();
      expect(status == 503 || status == 507,
             "a full disk refuses an add with 503 or 507, not " + std::to_string(status));
      expect(value() == added_, "reads go on, and nothing that was refused was applied");
    }
    fs::remove(folder_ + "/how");
    while (add() != 200) ::poll(nullptr, 0, 50);  // the lane's limit ends a server that never does
    expect(value() == added_, "an add after the disk has room again is applied once");
  }

  void broken_flush() {
    disk_is("broken");
    const auto answered = add();
    expect(answered == 0 || answered >= 500, "a flush that failed acknowledges nothing");
    const int status = server_.await_end();
    expect(status == 70, "it ends with status 70, not " + std::to_string(status));
    std::ifstream log(folder_ + "/log");
    const std::string said((std::istreambuf_iterator<char>(log)), {});
    expect(said.find("cannot flush") != said.npos, "its log says why");
    fs::remove(folder_ + "/how");
    server_.start();
    const auto now = value();
    expect(now == added_ || now == added_ + 1,
           "what was acknowledged is there: " + std::to_string(added_) + " adds, value " +
               std::to_string(now));
    added_ = now;  // whether the last one counts is known now
    expect(add() == 200 && value() == added_, "and it goes on from there");
  }

  // Nobody waits for a fold: the server ends all the same, some seconds after the add.
  void broken_fold() {
    disk_is("unfolded");
    expect(add() == 200, "an add is acknowledged while the tables cannot be flushed");
    const int status = server_.await_end();
    expect(status == 70,
           "a fold that failed ends it with status 70, not " + std::to_string(status));
    const auto said = lines_with("data.mdb");
    expect(said == 1, "its log says why, once, not " + std::to_string(said) + " times");
    fs::remove(folder_ + "/how");
    server_.start();
    expect(value() == added_, "what was acknowledged is there after a fold that failed");
    expect(add() == 200 && value() == added_, "and it goes on from there");
  }

  unsigned lines_with(const std::string& words) const {
    std::ifstream log(folder_ + "/log");
    unsigned lines = 0;
    for (std::string line; std::getline(log, line);) lines += line.find(words) != line.npos;
    return lines;
  }

  // The status; 0 without an answer.
  int add() {
    const auto answer =
        http_.perform(server_.port(), {"POST", "/v1/actors/counter/kept/add", "{\"amount\":1}"});
    if (answer && answer->status == 200) ++added_;
    return answer ? answer->status : 0;
  }
  unsigned long value() {
    const auto answer = http_.perform(server_.port(), {"GET", "/v1/actors/counter/kept"});
    if (!answer || answer->status != 200) return ~0ul;
    return std::strtoul(member(answer->body, "value").c_str(), nullptr, 10);
  }
  void disk_is(const char* how) { std::ofstream(folder_ + "/how") << how; }
  void expect(bool held, const std::string& what) {
    ++checks_;
    if (held) return;
    ++findings_;
    std::printf("FOUND: not so: %s\n", what.c_str());
  }

  std::string folder_;
  server_process server_;
  http_client http_;
  unsigned long added_ = 0;
  unsigned checks_ = 0, findings_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: disk-faults SERVER SHIM\n");
    return 2;
  }
  try {
    return trial(argv[1], argv[2]).run() == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "disk-faults: %s\n", error.what());
    return 2;
  }
}
