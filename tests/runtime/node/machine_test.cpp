// What cgroups leave of a machine, over trees of files like those that containers have.

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/machine.hpp"

namespace {

namespace data = boost::unit_test::data;

constexpr std::uint64_t whole_memory = 64'000'000'000;
constexpr unsigned whole_processors = 16;

struct row {
  std::string what;
  std::string groups;                                      // /proc/self/cgroup
  std::vector<std::pair<std::string, std::string>> files;  // below /sys/fs/cgroup
  std::uint64_t memory = whole_memory;
  unsigned processors = whole_processors;
  std::string memory_from = "the machine", processors_from = "the machine";
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

const std::string v1 = "9:cpu,cpuacct:/box\n4:memory:/box\n1:name=systemd:/box\n";

const row rows[] = {
    {"no cgroups at all", "", {}},
    {"v2 without limits", "0::/\n", {{"memory.max", "max\n"}, {"cpu.max", "max 100000\n"}}},
    {"v2 in a container",
     "0::/\n",
     {{"memory.max", "536870912\n"}, {"cpu.max", "200000 100000\n"}},
     536'870'912,
     2,
     "memory.max",
     "cpu.max"},
    {"a part of a processor is one",
     "0::/\n",
     {{"cpu.max", "5000 100000\n"}},
     whole_memory,
     1,
     "the machine",
     "cpu.max"},
    {"one and a half are two",
     "0::/\n",
     {{"cpu.max", "150000 100000\n"}},
     whole_memory,
     2,
     "the machine",
     "cpu.max"},
    {"exactly what there is limits nothing",
     "0::/\n",
     {{"memory.max", "64000000000\n"}, {"cpu.max", "1600000 100000\n"}}},
    {"more than there is limits nothing",
     "0::/\n",
     {{"memory.max", "64000000001\n"}, {"cpu.max", "1700000 100000\n"}}},
    {"one byte less counts",
     "0::/\n",
     {{"memory.max", "63999999999\n"}},
     63'999'999'999,
     whole_processors,
     "memory.max"},
    {"v2 of a service",
     "0::/system.slice/shop.service\n",
     {{"system.slice/shop.service/memory.max", "1000000\n"}},
     1'000'000,
     whole_processors,
     "system.slice/shop.service/memory.max"},
    {"the slice is smaller than the service",
     "0::/a.slice/b.service\n",
     {{"a.slice/b.service/memory.max", "2000000\n"},
      {"a.slice/memory.max", "1000000\n"},
      {"a.slice/b.service/cpu.max", "max 100000\n"},
      {"a.slice/cpu.max", "300000 100000\n"}},
     1'000'000,
     3,
     "a.slice/memory.max",
     "a.slice/cpu.max"},
    {"the path of the host is not there",
     "0::/../../docker/abc\n",
     {{"memory.max", "1000000\n"}},
     1'000'000,
     whole_processors,
     "memory.max"},
    {"v1",
     v1,
     {{"memory/box/memory.limit_in_bytes", "1000000\n"},
      {"cpu,cpuacct/box/cpu.cfs_quota_us", "250000\n"},
      {"cpu,cpuacct/box/cpu.cfs_period_us", "100000\n"}},
     1'000'000,
     3,
     "memory/box/memory.limit_in_bytes",
     "cpu,cpuacct/box/cpu.cfs_quota_us"},
    {"v1 without limits",
     v1,
     {{"memory/box/memory.limit_in_bytes", "9223372036854771712\n"},
      {"cpu/box/cpu.cfs_quota_us", "-1\n"},
      {"cpu/box/cpu.cfs_period_us", "100000\n"}}},
    {"v1, mounted at its own group",
     v1,
     {{"memory/memory.limit_in_bytes", "1000000\n"},
      {"cpu/cpu.cfs_quota_us", "100000\n"},
      {"cpu/cpu.cfs_period_us", "100000\n"}},
     1'000'000,
     1,
     "memory/memory.limit_in_bytes",
     "cpu/cpu.cfs_quota_us"},
    {"nonsense limits nothing",
     "0::/\n::\nx\n",
     {{"memory.max", "many\n"}, {"cpu.max", "-5 100000\n"}}},
    {"nothing limits nothing", "0::/\n", {{"memory.max", "0\n"}, {"cpu.max", "0 0\n"}}},
    {"empty files limit nothing", "0::/\n", {{"memory.max", ""}, {"cpu.max", ""}}},
    {"beyond 64 bits limits nothing", "0::/\n", {{"memory.max", "99999999999999999999999\n"}}},
};

// A tree of files that is gone at the end.
class tree {
 public:
  explicit tree(const row& r) {
    auto name = (std::filesystem::temp_directory_path() / "reprise-machine-XXXXXX").string();
    root = ::mkdtemp(name.data());
    write("/proc/self/cgroup", r.groups);
    for (const auto& [path, text] : r.files) write("/sys/fs/cgroup/" + path, text);
  }
  ~tree() { std::filesystem::remove_all(root); }
  tree(const tree&) = delete;
  std::string root;

 private:
  void write(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(root + path).parent_path());
    std::ofstream(root + path) << text;
  }
};

std::string named(const tree& t, const std::string& from) {
  const auto top = t.root + "/sys/fs/cgroup/";
  return from.starts_with(top) ? from.substr(top.size()) : from;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(machine_limits)

BOOST_DATA_TEST_CASE(the_smallest_share_of_nested_cgroups_counts, data::make(rows), one) {
  const tree t(one);
  const auto left = reprise::within_cgroups(
      {whole_memory, "the machine", whole_processors, "the machine"}, t.root);
  BOOST_TEST(left.memory == one.memory);
  BOOST_TEST(left.processors == one.processors);
  BOOST_TEST(named(t, left.memory_from) == one.memory_from);
  BOOST_TEST(named(t, left.processors_from) == one.processors_from);
}

BOOST_AUTO_TEST_CASE(this_machine_has_memory_and_processors) {
  const auto m = reprise::this_machine();
  BOOST_TEST(m.memory > 0u);
  BOOST_TEST(m.processors > 0u);
  BOOST_TEST(m.memory_from != "");
}

BOOST_AUTO_TEST_SUITE_END()
