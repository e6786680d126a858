#include "tests/tidy/source_tree.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace reprise::tidy {
namespace {

namespace fs = std::filesystem;

const fs::path root = REPRISE_SOURCE_ROOT;

constexpr std::string_view folders[] = {"persistence", "accel",    "actors", "runtime",
                                        "gateway",     "examples", "tests",  "docs"};

// A folder within a folder: a library of its own, with an interface and rooms.
constexpr std::string_view inner_folders[] = {"gateway/calls"};

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

std::string_view source::folder() const {
  for (const auto inner : inner_folders)
    if (path.starts_with(inner) && path.substr(inner.size()).starts_with('/')) return inner;
  return std::string_view(path).substr(0, path.find('/'));
}

std::string_view source::room() const {
  const auto rest = std::string_view(path).substr(std::min(folder().size() + 1, path.size()));
  const auto end = rest.find('/');
  return end == rest.npos ? std::string_view() : rest.substr(0, end);
}

bool source::is_header() const { return path.ends_with(".hpp"); }

source parse(std::string path, std::string_view text) {
  source result{std::move(path), {}};
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    result.lines.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return result;
}

source read_source(const std::string& path) { return parse(path, text_of(root / path)); }

std::vector<source> read_tree(const std::vector<std::string>& endings) {
  std::vector<source> all;
  for (const auto folder : folders) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const auto path = entry.path().lexically_relative(root).string();
      const bool wanted = std::any_of(endings.begin(), endings.end(),
                                      [&](const auto& ending) { return path.ends_with(ending); });
      if (wanted && entry.is_regular_file() && !path.starts_with("tests/bench/anchors/"))
        all.push_back(read_source(path));
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return all;
}

std::string include_of(std::string_view line) {
  constexpr std::string_view directive = "#include ";
  if (!line.starts_with(directive)) return "";
  line.remove_prefix(directive.size());
  if (line.empty() || (line[0] != '<' && line[0] != '"')) return "";
  const auto end = line.find(line[0] == '<' ? '>' : '"', 1);
  return end == line.npos ? "" : std::string(line.substr(0, end + 1));
}

std::string code_of(std::string_view line) {
  std::string code;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line.substr(i, 2) == "//") break;
    code += line[i];
    if (line[i] != '"' || (i > 0 && line[i - 1] == '\'')) continue;
    while (++i < line.size() && line[i] != '"')
      if (line[i] == '\\') ++i;
    code += '"';
  }
  return code;
}

}  // namespace reprise::tidy
