// What `doctor` asks of a data folder.

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <functional>
#include <string>

#include "persistence/lmdb/tables.hpp"
#include "persistence/probe.hpp"
#include "tests/persistence/stores.hpp"

using namespace reprise::persistence;
using namespace reprise::persistence::testing;

namespace {

// Another process that has a view of a folder's tables, until it is killed.
class onlooker {
 public:
  explicit onlooker(const std::string& folder) {
    int ends[2];
    BOOST_TEST_REQUIRE(::pipe(ends) == 0);
    pid_ = ::fork();
    if (pid_ == 0) look(folder, ends[1]);
    char sees = 0;
    BOOST_TEST_REQUIRE(::read(ends[0], &sees, 1) == 1);
    ::close(ends[0]);
    ::close(ends[1]);
  }
  ~onlooker() { kill(); }
  onlooker(const onlooker&) = delete;

  int pid() const { return pid_; }
  void kill() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  [[noreturn]] static void look(const std::string& folder, int told) {
    const auto on_disk = internal::tables::open(folder + "/tables", lmdb_options{}.map_bytes,
                                                internal::tables::access::beside_a_writer);
    const auto view = (*on_disk)->look();
    const bool sees = view.has_value() && ::write(told, "1", 1) == 1;
    while (sees) ::pause();
    ::_exit(1);
  }

  pid_t pid_ = 0;
};

void fold_often(const std::string& folder, int times) {
  auto s = opened(small(folder, fold_mode::every_group));
  for (int i = 0; i < times; ++i) commit(*s, {w().put("a", std::to_string(i))});
  s->close();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probe)

BOOST_AUTO_TEST_CASE(a_reader_that_keeps_old_pages_of_the_tables_is_named) {
  temporary_folder folder;
  fold_often(folder.path(), 1);
  const auto alone = probe_store(folder.path());
  BOOST_TEST_REQUIRE(alone.has_value());
  BOOST_TEST(alone->gone_readers == 0);
  BOOST_TEST(alone->reader == 0);
  const onlooker slow(folder.path());
  fold_often(folder.path(), 20);
  onlooker killed(folder.path());
  killed.kill();
  const auto found = probe_store(folder.path());
  BOOST_TEST_REQUIRE(found.has_value());
  BOOST_TEST(found->gone_readers == 1);
  BOOST_TEST(found->reader == slow.pid());
  BOOST_TEST(found->behind >= 20u);
  BOOST_TEST(probe_store(folder.path())->gone_readers == 0);  // they were let go of
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_no_store_is_reported_as_foreign) {
  temporary_folder folder;
  const auto none = probe_store(folder.path());
  BOOST_TEST_REQUIRE(none.has_error());
  BOOST_TEST((none.error().code == errc::foreign));
}

BOOST_AUTO_TEST_SUITE_END()
