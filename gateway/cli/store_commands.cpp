#include <cstdint>
#include <functional>
#include <iostream>
#include <string>

#include "gateway/cli/commands.hpp"
#include "gateway/cli/console.hpp"
#include "gateway/cli/printer.hpp"
#include "gateway/cli/progress_bar.hpp"
#include "gateway/json/json_writer.hpp"
#include "gateway/json/text.hpp"
#include "persistence/backup.hpp"
#include "persistence/check.hpp"
#include "persistence/dump.hpp"

namespace reprise::gateway {

namespace {

int complain(const persistence::fault& f) { return gateway::complain(f.text, exit_failed); }

// Prints what was copied, or would be.
int print_copy(const store_command& c, const std::string& to, std::uint64_t records,
               std::uint64_t last) {
  const auto form = output_form_of(c.output);
  if (form == output_form::table) {
    std::cout << (c.dry_run ? "would restore " + std::to_string(records) + " records"
                            : to + ": " + std::to_string(records) + " records")
              << " up to position " << last << (c.dry_run ? " to " + to : "") << '\n';
    return exit_done;
  }
  std::string json;
  {
    object_writer object(json);
    object.text("folder", to);
    object.number("records", records);
    object.number("last", last);
    object.flag("dry_run", c.dry_run);
  }
  return print_value(form, json);
}

int copy(const store_command& c, const std::string& from, const std::string& to,
         persistence::copy_for purpose) {
  const auto copied = [&] {
    progress_bar bar("copying");
    return persistence::copy_folder(
        from, to, purpose, [&bar](std::uint64_t done, std::uint64_t all) { bar.show(done, all); });
  }();
  if (!copied) return complain(copied.error());
  return print_copy(c, to, copied->records, copied->last);
}

// Checks a folder with a progress bar. Calls `line` for each finding as it is found.
persistence::result<persistence::check_report> check(
    const std::string& folder, persistence::repair how,
    const std::function<void(std::string_view)>& line) {
  progress_bar bar("checking");
  return persistence::check_folder(
      folder, how,
      [&](std::string_view finding) {
        bar.hide();
        line(finding);
      },
      [&bar](std::uint64_t done, std::uint64_t all) { bar.show(done, all); });
}

std::string json_of(const persistence::check_report& report) {
  std::string json;
  {
    object_writer object(json);
    object.flag("sound", report.findings.empty());
    object.number("records", report.records);
    object.number("frames", report.frames);
    object.number("transitions", report.transitions);
    object.number("last", report.last);
    object.number("cut", report.cut);
    array_writer findings(object.member("findings"));
    for (const auto& one : report.findings) findings.text(one);
  }
  return json;
}

void print_words(const persistence::check_report& report) {
  std::cout << report.records << " records, " << report.frames << " frames with "
            << report.transitions << " transitions up to position " << report.last << ": ";
  if (report.cut != 0) std::cout << report.cut << " frames were cut; ";
  if (report.findings.empty())
    std::cout << "sound\n";
  else
    std::cout << report.findings.size() << " findings\n";
}

}  // namespace

// In table form findings are printed as they are found, followed by a summary.
int check_store(const store_command& c) {
  const auto how = c.cut ? persistence::repair::cut : persistence::repair::nothing;
  const auto form = output_form_of(c.output);
  const bool in_words = form == output_form::table;
  const auto report = check(c.folder, how, [&](std::string_view line) {
    if (in_words) std::cout << visible(line) << std::endl;  // flush before the bar is drawn again
  });
  if (!report) return complain(report.error());
  int printed = exit_done;
  if (in_words)
    print_words(*report);
  else
    printed = print_value(form, json_of(*report));
  return report->findings.empty() ? printed : exit_failed;
}

int dump_store(const store_command& c) {
  const auto dumped = persistence::dump_folder(
      c.folder, [](std::string_view line) { std::cout << visible_json(line) << '\n'; });
  if (!dumped) return complain(dumped.error());
  std::cout.flush();
  return std::cout ? exit_done : exit_failed;
}

int back_up_store(const store_command& c) {
  return copy(c, c.folder, c.copy, persistence::copy_for::keeping);
}

// Checks the backup first: nothing is written if it is damaged.
int restore_store(const store_command& c) {
  const auto report = check(c.copy, persistence::repair::nothing,
                            [](std::string_view line) { std::cerr << visible(line) << '\n'; });
  if (!report) return complain(report.error());
  if (!report->findings.empty())
    return gateway::complain(c.copy + " is damaged: nothing was restored. Take another backup",
                             exit_failed);
  if (!c.dry_run) return copy(c, c.copy, c.folder, persistence::copy_for::serving);
  return print_copy(c, c.folder, report->records, report->last);
}

}  // namespace reprise::gateway
