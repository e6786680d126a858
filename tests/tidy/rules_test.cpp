// Each rule, shown on a text that breaks it and on one that keeps it: a rule that finds nothing in
// the tree is worth something only if it can find something.

#include <boost/test/unit_test.hpp>

#include "tests/tidy/rules.hpp"

using namespace reprise::tidy;

namespace {

std::size_t includes(const char* path, const char* text) {
  return wrong_includes({parse(path, text)}).size();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(includes_go_down_only) {
  BOOST_TEST(includes("actors/a.hpp", "#include \"runtime/node.hpp\"\n") == 1u);
  BOOST_TEST(includes("persistence/a.hpp", "#include \"actors/time.hpp\"\n") == 1u);
  BOOST_TEST(includes("runtime/a.hpp", "#include \"actors/time.hpp\"\n") == 0u);
  BOOST_TEST(includes("runtime/a.hpp", "#include \"gateway/main.hpp\"\n") == 1u);
}

BOOST_AUTO_TEST_CASE(headers_in_rooms_belong_to_their_folder) {
  BOOST_TEST(includes("gateway/a.cpp", "#include \"runtime/host/host.hpp\"\n") == 1u);
  BOOST_TEST(includes("examples/a.cpp", "#include \"actors/orchestration/steps.hpp\"\n") == 1u);
  BOOST_TEST(includes("runtime/a.cpp", "#include \"actors/orchestration/steps.hpp\"\n") == 0u);
  BOOST_TEST(includes("tests/actors/a.cpp", "#include \"actors/orchestration/steps.hpp\"\n") == 0u);
}

BOOST_AUTO_TEST_CASE(rooms_see_what_is_below_them) {
  const auto wrong = [](const char* path, const std::string& header) {
    return wrong_rooms({parse(path, "#include \"" + header + "\"\n")}).size();
  };
  BOOST_TEST(wrong("runtime/commit/a.cpp", "runtime/message/message.hpp") == 0u);
  BOOST_TEST(wrong("runtime/commit/a.cpp", "runtime/commit/transition.hpp") == 0u);
  BOOST_TEST(wrong("runtime/commit/a.cpp", "runtime/node.hpp") == 0u);
  BOOST_TEST(wrong("runtime/commit/a.cpp", "runtime/host/host.hpp") == 1u);
  BOOST_TEST(wrong("runtime/service/a.cpp", "runtime/node/engine.hpp") == 1u);
  BOOST_TEST(wrong("gateway/server/a.cpp", "gateway/access/authorizer.hpp") == 1u);  // side by side
  BOOST_TEST(wrong("gateway/attic/a.cpp", "gateway/limits.hpp") == 1u);              // in no order
  BOOST_TEST(wrong("gateway/calls/http.cpp", "gateway/calls/sending/sender.hpp") == 0u);
}

BOOST_AUTO_TEST_CASE(examples_include_what_users_include) {
  BOOST_TEST(includes("examples/a.cpp", "#include <reprise/reprise.hpp>\n") == 0u);
  BOOST_TEST(includes("examples/a.cpp", "#include \"actors/reprise.hpp\"\n") == 1u);
  BOOST_TEST(includes("runtime/a.cpp", "#include <reprise/node.hpp>\n") == 1u);
}

BOOST_AUTO_TEST_CASE(includes_are_written_from_the_root) {
  BOOST_TEST(includes("actors/a.cpp", "#include \"a.hpp\"\n") == 1u);
}

BOOST_AUTO_TEST_CASE(a_public_header_does_not_reach_a_third_party) {
  const auto inner = parse("runtime/exec/seam.hpp", "#include <caf/all.hpp>\n");
  const auto outer = parse("runtime/node.hpp", "#include \"runtime/exec/seam.hpp\"\n");
  BOOST_TEST(third_party_leaks({inner}).empty());
  BOOST_TEST(third_party_leaks({inner, outer}).size() == 1u);
  BOOST_TEST(third_party_leaks({parse("actors/a.cpp", "#include <lmdb.h>\n")}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(long_files_and_functions_are_found) {
  const std::string many(max_file_lines + 1, '\n');
  BOOST_TEST(too_long(parse("actors/a.cpp", many)).size() == 1u);
  const std::string body(max_function_lines + 1, '\n');
  BOOST_TEST(too_long(parse("actors/a.cpp", "void f() {\n" + body + "}\n")).size() == 1u);
  BOOST_TEST(too_long(parse("actors/a.cpp", "  int f() const {\n" + body + "  }\n")).size() == 1u);
  BOOST_TEST(too_long(parse("actors/a.cpp", "void f() {\n}\n" + body)).empty());
  BOOST_TEST(too_long(parse("actors/a.cpp", "struct a {\n" + body + "};\n")).empty());
}

BOOST_AUTO_TEST_CASE(empty_words_are_found_in_names_only) {
  BOOST_TEST(banned_words(parse("actors/string_util.hpp", "")).size() == 1u);
  BOOST_TEST(banned_words(parse("actors/a.cpp", "class log_manager;\n")).size() == 1u);
  BOOST_TEST(banned_words(parse("actors/a.cpp", "int x;  // what they have in common\n")).empty());
  BOOST_TEST(banned_words(parse("actors/a.cpp", "auto x = \"helper\";\n")).empty());
}

BOOST_AUTO_TEST_CASE(work_left_over_is_found_in_comments_too) {
  // Put together here, since this file is part of the tree.
  const std::string marks[] = {std::string("TO") + "DO(perf): later", std::string("FIX") + "ME"};
  for (const auto& mark : marks)
    BOOST_TEST(banned_words(parse("actors/a.cpp", "// " + mark + "\n")).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_sleeping_test_is_found) {
  const std::string call = std::string("std::this_thread::sleep") + "_for(1s);\n";
  BOOST_TEST(sleeping(parse("tests/a.cpp", call)).size() == 1u);
  BOOST_TEST(sleeping(parse("runtime/a.cpp", call)).empty());
  BOOST_TEST(sleeping(parse("tests/a.cpp", "co_await reprise::sleep(24h);\n")).empty());
}

BOOST_AUTO_TEST_CASE(caf_without_a_throughput_limit_is_found) {
  const std::string config = "caf::actor_system_config config;\n";
  const std::string limit = "config.set(\"scheduler.max-throughput\", 64);\n";
  BOOST_TEST(scheduler_without_throughput_limit({parse("runtime/a.cpp", config)}).size() == 1u);
  BOOST_TEST(scheduler_without_throughput_limit({parse("runtime/a.cpp", config + limit)}).empty());
}

BOOST_AUTO_TEST_CASE(a_quotation_that_drifted_is_found) {
  const auto code = parse("examples/a.cpp", "one\ntwo\nthree\n");
  const auto quote = [&](const std::string& text) {
    return quoted_wrongly(
        parse("README.md", "<!-- from examples/a.cpp -->\n```cpp\n" + text + "```\n"), {code});
  };
  BOOST_TEST(quote("two\nthree\n").empty());
  BOOST_TEST(quote("two\nfour\n").size() == 1u);
  BOOST_TEST(quote("").size() == 1u);
  BOOST_TEST(quoted_wrongly(parse("README.md", "<!-- from examples/a.cpp -->\n"), {code}).size() ==
             1u);
}

BOOST_AUTO_TEST_SUITE_END()
