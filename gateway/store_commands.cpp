#include <iostream>

#include "gateway/internal/commands.hpp"
#include "persistence/check.hpp"
#include "persistence/dump.hpp"

namespace reprise::gateway {

namespace {

int complain(const persistence::fault& f) {
  std::cerr << "reprise: " << f.text << '\n';
  return exit_failed;
}

}  // namespace

int check_store(const std::string& folder, bool cut) {
  const auto how = cut ? persistence::repair::cut : persistence::repair::nothing;
  const auto print = [](std::string_view line) { std::cout << line << '\n'; };
  const auto report = persistence::check_folder(folder, how, print);
  if (!report) return complain(report.error());
  std::cout << report->records << " records, " << report->frames << " frames with "
            << report->transitions << " transitions up to position " << report->last << ": ";
  if (report->cut != 0) std::cout << report->cut << " frames were cut; ";
  if (report->findings.empty()) {
    std::cout << "sound\n";
    return exit_done;
  }
  std::cout << report->findings.size() << " findings\n";
  return exit_failed;
}

int dump_store(const std::string& folder) {
  const auto dumped =
      persistence::dump_folder(folder, [](std::string_view line) { std::cout << line << '\n'; });
  if (!dumped) return complain(dumped.error());
  std::cout.flush();
  return std::cout ? exit_done : exit_failed;
}

}  // namespace reprise::gateway
