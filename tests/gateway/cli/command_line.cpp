#include "tests/gateway/cli/command_line.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"

namespace reprise::gateway_test {

namespace {

strings serve(const std::string& program, const strings& more) {
  strings all{program, "serve", "--port", "0"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

finished run_other(const std::string& program, strings arguments) {
  arguments.insert(arguments.begin(), program);
  process p(std::move(arguments));
  auto out = p.out();
  auto err = p.err();
  return {p.end(), std::move(out), std::move(err)};
}

finished run(const strings& arguments) { return run_other(REPRISE_TEST_PROGRAM, arguments); }

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

folder::folder() {
  std::string name = (std::filesystem::temp_directory_path() / "reprise-gateway-XXXXXX").string();
  path = ::mkdtemp(name.data());
}

folder::~folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

serving::serving(const strings& more, const std::string& program) : child(serve(program, more)) {
  const auto line = child.line();
  const std::string before = "listening on ";
  if (line.substr(0, before.size()) != before) BOOST_FAIL("serve did not begin: " + child.err());
  url = line.substr(before.size());
}

std::uint16_t serving::port() const {
  return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

finished serving::client(strings arguments) const {
  arguments.insert(arguments.end(), {"--server", url});
  return run(arguments);
}

void serving::begun(const std::string& id) const {
  until([&] {
    const auto shown = client({"get", id, "-o", "json"});
    BOOST_TEST_REQUIRE(shown.code == 0, shown.err);
    return gateway::json_text(shown.out, "custom_status") != "null";
  });
}

}  // namespace reprise::gateway_test
