// What opening and tools say of a store that cannot be read: "damaged, take a backup" only where it is.

#include "runtime/reading/store_failure.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "actors/application.hpp"
#include "persistence/batch.hpp"
#include "runtime/actor/lock_records.hpp"
#include "runtime/message/keyed_hash.hpp"
#include "runtime/node/schema_check.hpp"

using namespace reprise;
using persistence::errc;

namespace {

using reading = std::function<result<>(const runtime::read_records&)>;

// Whoever reads the folder before a node runs.
const std::vector<std::pair<std::string, reading>>& readings() {
  static const std::vector<std::pair<std::string, reading>> all = {
      {"the folder's secret",
       [](const auto& read) -> result<> {
         persistence::batch first;
         if (auto secret = runtime::folder_secret(read, "0123456789abcdef", first); !secret)
           return secret.error();
         return done;
       }},
      {"locks",
       [](const auto& read) -> result<> {
         if (auto locks = runtime::read_locks(read); !locks) return locks.error();
         return done;
       }},
      {"schemas",
       [](const auto& read) -> result<> {
         if (auto found = runtime::compare_schemas(read, application{}); !found)
           return found.error();
         return done;
       }},
  };
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_failures)

BOOST_AUTO_TEST_CASE(a_read_failure_is_called_damage_only_when_the_store_is_corrupt) {
  struct row {
    errc code;
    cause why;
  };
  for (const auto& [code, why] : {row{errc::corrupt, cause::corrupt},
                                  {errc::io, cause::unavailable},
                                  {errc::failed, cause::unavailable},
                                  {errc::full, cause::storage_full}})
    for (const auto& [name, read] : readings()) {
      const auto told = read([code = code](const auto&) {
        persistence::load_answer a;
        a.error = persistence::fault{code, "cannot read tables/data.mdb: it is a test"};
        return a;
      });
      BOOST_TEST_CONTEXT(name << ", " << static_cast<int>(code)) {
        BOOST_TEST_REQUIRE(!told);
        BOOST_TEST((told.error().why == why));
        BOOST_TEST(told.error().text == "cannot read tables/data.mdb: it is a test");
      }
    }
}

BOOST_AUTO_TEST_SUITE_END()
