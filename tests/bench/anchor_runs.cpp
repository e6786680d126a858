#include "tests/bench/anchor_runs.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace reprise::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t runs_for_a_median = 5;
constexpr double void_below = 0.7;

double number_after(const std::string& line, const std::string& key) {
  const auto at = line.find("\"" + key + "\":");
  return at == line.npos ? 0 : std::stod(line.substr(at + key.size() + 3));
}

}  // namespace

double anchor_figure::of(figure f) const {
  switch (f) {
    case figure::p50:
      return micros.p50;
    case figure::p99:
      return micros.p99;
    default:
      return per_second;
  }
}

std::string program_beside(const std::string& name) {
  return fs::read_symlink("/proc/self/exe").parent_path() / name;
}

anchor_figures run_anchor(const std::string& program, const options& asked) {
  fs::create_directories(asked.folder);
  std::ostringstream command;
  command << program_beside("anchor-" + program) << ' ' << asked.folder << " --seconds "
          << asked.seconds;
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.str().c_str(), "r"), ::pclose);
  if (!pipe) throw std::runtime_error("cannot run " + command.str());
  anchor_figures figures;
  static const std::regex parameters(R"("parameters":\{([^}]*)\})");
  char text[1024];
  while (std::fgets(text, sizeof text, pipe.get())) {
    std::fputs(text, stdout);
    const std::string line(text);
    std::smatch match;
    if (!std::regex_search(line, match, parameters)) continue;
    figures[match[1]] = {number_after(line, "ops_per_s"),
                         {number_after(line, "p50_us"), number_after(line, "p99_us"),
                          number_after(line, "p999_us")}};
  }
  if (::pclose(pipe.release()) != 0 || figures.empty())
    throw std::runtime_error(command.str() + " failed");
  return figures;
}

const anchor_figure& chosen(const anchor_figures& figures, const anchor_choice& which) {
  for (const auto& [parameters, figure] : figures)
    if (parameters.starts_with(which.parameters)) return figure;
  throw std::runtime_error(which.program + " has no row " + which.parameters);
}

bool record_anchors(const std::string& program, const anchor_figures& figures,
                    const options& asked) {
  if (asked.quick) return false;
  const auto path = fs::path(asked.folder).parent_path() / "anchors.recorded";
  std::map<std::string, std::vector<double>> earlier;
  std::string name;
  double figure = 0;
  for (std::ifstream file(path); file >> name >> figure;) earlier[name].push_back(figure);
  bool voided = false;
  std::ofstream file(path, std::ios::app);
  for (const auto& [parameters, measured] : figures) {
    const auto key = program + ":" + parameters;
    auto& runs = earlier[key];
    file << key << ' ' << measured.per_second << '\n';
    if (runs.size() < runs_for_a_median) continue;
    std::vector<double> last(runs.end() - runs_for_a_median, runs.end());
    std::sort(last.begin(), last.end());
    voided = voided || measured.per_second < void_below * last[runs_for_a_median / 2];
  }
  return voided;
}

}  // namespace reprise::bench
