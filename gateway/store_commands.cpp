#include <iostream>

#include "gateway/internal/commands.hpp"
#include "gateway/internal/progress_bar.hpp"
#include "persistence/backup.hpp"
#include "persistence/check.hpp"
#include "persistence/dump.hpp"

namespace reprise::gateway {

namespace {

int complain(const persistence::fault& f) {
  std::cerr << "reprise: " << f.text << '\n';
  return exit_failed;
}

int copy(const std::string& from, const std::string& to, persistence::copy_for purpose) {
  const auto copied = [&] {
    progress_bar bar("copying");
    return persistence::copy_folder(
        from, to, purpose, [&bar](std::uint64_t done, std::uint64_t all) { bar.show(done, all); });
  }();
  if (!copied) return complain(copied.error());
  std::cout << to << ": " << copied->records << " records up to position " << copied->last << '\n';
  return exit_done;
}

}  // namespace

int check_store(const store_command& c) {
  const auto how = c.cut ? persistence::repair::cut : persistence::repair::nothing;
  const auto print = [](std::string_view line) { std::cout << line << '\n'; };
  const auto report = persistence::check_folder(c.folder, how, print);
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

int dump_store(const store_command& c) {
  const auto dumped =
      persistence::dump_folder(c.folder, [](std::string_view line) { std::cout << line << '\n'; });
  if (!dumped) return complain(dumped.error());
  std::cout.flush();
  return std::cout ? exit_done : exit_failed;
}

int back_up_store(const store_command& c) {
  return copy(c.folder, c.copy, persistence::copy_for::keeping);
}

// A damaged backup is told before anything is made of it.
int restore_store(const store_command& c) {
  const auto report =
      persistence::check_folder(c.copy, persistence::repair::nothing,
                                [](std::string_view line) { std::cerr << line << '\n'; });
  if (!report) return complain(report.error());
  if (!report->findings.empty()) {
    std::cerr << "reprise: " << c.copy
              << " is damaged: nothing was restored. Take another backup\n";
    return exit_failed;
  }
  if (!c.dry_run) return copy(c.copy, c.folder, persistence::copy_for::serving);
  std::cout << "would restore " << report->records << " records up to position " << report->last
            << " to " << c.folder << '\n';
  return exit_done;
}

}  // namespace reprise::gateway
