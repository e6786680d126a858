#include <algorithm>
#include <regex>

#include "tests/tidy/rules.hpp"

namespace reprise::tidy {
namespace {

std::string at(const source& where, std::size_t line) {
  return where.path + ":" + std::to_string(line + 1) + ": ";
}

// A line that opens the body of a function, as clang-format lays it out.
bool opens_function(const std::string& code) {
  static const std::regex opening(R"(^ *[^ ].*\).*\{$)");
  static const std::regex other(
      R"(^ *(if|for|while|switch|else|do|namespace|class|struct|enum|union|try|catch|\}|return|BOOST_AUTO_TEST_SUITE)\b.*)");
  return std::regex_match(code, opening) && !std::regex_match(code, other);
}

}  // namespace

findings too_long(const source& file) {
  findings found;
  if (file.lines.size() > max_file_lines)
    found.push_back(file.path + ": " + std::to_string(file.lines.size()) +
                    " lines; split it by idea");
  for (std::size_t first = 0; first < file.lines.size(); ++first) {
    const auto& opening = file.lines[first];
    if (!opens_function(code_of(opening))) continue;
    // Parameters that did not fit on the line are indented deeper than the name: its end decides.
    const auto indent = opening.find_first_not_of(' ');
    std::size_t last = first + 1;
    while (last < file.lines.size() &&
           !file.lines[last].starts_with(std::string(indent, ' ') + "}")) {
      const auto here = file.lines[last].find_first_not_of(' ');
      if (here != std::string::npos && here < indent) break;
      ++last;
    }
    if (last - first > max_function_lines)
      found.push_back(at(file, first) + "a function of " + std::to_string(last - first) +
                      " lines does not fit a screen");
  }
  return found;
}

findings banned_words(const source& file) {
  static const std::regex word(R"(\b(\w*_)?(utils?|helpers?|managers?|misc|common|impl)(_\w*)?\b)",
                               std::regex::icase);
  static const std::regex left_over(R"(\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b|not implemente[d])");
  findings found;
  std::smatch match;
  std::string name = file.path.substr(file.path.find('/') + 1);
  for (auto& c : name)
    if (c == '/' || c == '.') c = ' ';
  if (std::regex_search(name, match, word))
    found.push_back(file.path + ": '" + match.str() + "' says nothing");
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const auto code = code_of(file.lines[i]);
    if (include_of(file.lines[i]).empty() && std::regex_search(code, match, word))
      found.push_back(at(file, i) + "'" + match.str() + "' says nothing");
    if (std::regex_search(file.lines[i], match, left_over))
      found.push_back(at(file, i) + "'" + match.str() + "': finish it, or make it an issue");
  }
  return found;
}

findings sleeping(const source& file) {
  static const std::regex call(R"(\b(sleep_for|sleep_until|usleep|nanosleep)\b|::sleep\(\d+\))");
  findings found;
  if (file.folder() != "tests") return found;
  for (std::size_t i = 0; i < file.lines.size(); ++i)
    if (std::regex_search(code_of(file.lines[i]), call))
      found.push_back(at(file, i) + "a test waits for an event, not for time to pass");
  return found;
}

findings scheduler_without_throughput_limit(const std::vector<source>& sources) {
  bool configures = false, limits = false;
  for (const auto& each : sources) {
    if (each.folder() != "runtime") continue;
    for (const auto& line : each.lines) {
      configures = configures || code_of(line).find("actor_system_config") != std::string::npos;
      limits = limits || line.find("\"scheduler.max-throughput\"") != std::string::npos;
    }
  }
  if (configures && !limits) return {"runtime: CAF is configured without scheduler.max-throughput"};
  return {};
}

findings quoted_wrongly(const source& document, const std::vector<source>& sources) {
  findings found;
  static const std::regex mark(R"(^<!-- from (\S+) -->$)");
  std::smatch match;
  for (std::size_t i = 0; i < document.lines.size(); ++i) {
    if (!std::regex_match(document.lines[i], match, mark)) continue;
    if (i + 2 >= document.lines.size()) {
      found.push_back(at(document, i) + "there is no block below");
      break;
    }
    const auto path = match[1].str();
    const auto file = std::find_if(sources.begin(), sources.end(),
                                   [&](const auto& each) { return each.path == path; });
    const auto first =
        document.lines.begin() + std::ptrdiff_t(i) + 2;  // below the mark and the fence
    const auto last = std::find(first, document.lines.end(), "```");
    if (file == sources.end())
      found.push_back(at(document, i) + path + " does not exist");
    else if (first == last ||
             std::search(file->lines.begin(), file->lines.end(), first, last) == file->lines.end())
      found.push_back(at(document, i) + "the block is not what stands in " + path);
  }
  return found;
}

}  // namespace reprise::tidy
