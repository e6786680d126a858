// Every curl line of docs/http-api.md, in its order, against the examples: it gets the status that
// stands behind it.

#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "examples/application.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise::gateway_test;
using strings = std::vector<std::string>;

strings curl_lines() {
  std::ifstream file(REPRISE_SOURCE_ROOT "/docs/http-api.md");
  strings lines;
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("curl ")) lines.push_back(line);
  return lines;
}

// What a shell makes of the words of a line; $DF and $V1 too.
strings words_of(const std::string& line) {
  strings words;
  std::string word;
  bool open = false;
  char quote = '\0';
  for (const char c : line) {
    if (quote == '\0' && c == ' ') {
      if (open) words.push_back(word);
      open = false;
      word.clear();
    } else if (c == quote || (quote == '\0' && (c == '"' || c == '\''))) {
      quote = c == quote ? '\0' : c;
      open = true;
    } else {
      word += c;
      open = true;
    }
  }
  if (open) words.push_back(word);
  for (auto& one : words) {
    if (one.starts_with("$DF")) one.replace(0, 3, df(""));
    if (one.starts_with("$V1")) one.replace(0, 3, "/v1");
    const std::string server = "http://localhost:7071";
    if (one.starts_with(server)) one.erase(0, server.size());
  }
  return words;
}

struct command {
  std::string method = "GET", target, body, fields;
  unsigned status = 0;
  bool status_alone = false;  // the answer has no end, or is not as it is meant
};

command parse(const std::string& line) {
  const auto mark = line.rfind(" # ");
  BOOST_TEST_REQUIRE(mark != std::string::npos, line);
  command c;
  c.status = static_cast<unsigned>(std::stoul(line.substr(mark + 3)));
  const auto words = words_of(line.substr(0, mark));
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto& word = words[i];
    if (word == "-X") {
      c.method = words.at(++i);
    } else if (word == "-H") {
      c.fields += words.at(++i) + "\r\n";
    } else if (word == "--json") {
      c.fields += "Content-Type: application/json\r\n";
      c.body = words.at(++i);
      if (c.method == "GET") c.method = "POST";
    } else if (word == "--max-time") {
      ++i;
      c.status_alone = true;
    } else if (word == "--compressed") {
      c.fields += "Accept-Encoding: gzip\r\n";
      c.status_alone = true;
    } else if (word != "-i" && word != "-N") {
      BOOST_TEST_REQUIRE(word.starts_with('/'), line);
      c.target = word;
    }
  }
  return c;
}

unsigned status_of(const served& s, const command& c) {
  raw_client client(s.port());
  client.send(c.method + ' ' + c.target + " HTTP/1.1\r\nHost: localhost\r\n" + c.fields + "\r\n");
  return static_cast<unsigned>(std::stoul(client.until("\r\n\r\n").substr(9, 3)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_api_doc)

BOOST_AUTO_TEST_CASE(each_curl_line_of_the_document_gets_the_status_behind_it) {
  served s(examples::application());
  const auto lines = curl_lines();
  BOOST_TEST_REQUIRE(lines.size() > 40u);
  for (const auto& line : lines) {
    const auto c = parse(line);
    if (c.status_alone) {
      BOOST_TEST(status_of(s, c) == c.status, line);
      continue;
    }
    const auto answer = s.ask(c.method, c.target, c.body, c.fields);
    BOOST_TEST(answer.status == c.status, line << " got " << answer.status << ": " << answer.body);
    // An instance that is being ended is not yet to be purged.
    if (c.target.find("/terminate") != std::string::npos) s.ended("order-2");
  }
}

BOOST_AUTO_TEST_SUITE_END()
