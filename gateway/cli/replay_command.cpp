#include <iostream>
#include <utility>

#include "gateway/cli/commands.hpp"
#include "gateway/cli/console.hpp"
#include "gateway/cli/printer.hpp"
#include "gateway/json/json_writer.hpp"
#include "gateway/v1/instance_object.hpp"
#include "runtime/replay.hpp"

namespace reprise::gateway {

namespace {

int complain(const failure& why, int code) { return gateway::complain(why.text, code); }

// Returns a line like "order-1 (checkout): fits, 12 events, waits for event verdict, timer".
std::string line_of(const replay_finding& f) {
  auto line = f.id;
  if (!f.orchestration.empty()) line += " (" + f.orchestration + ')';
  if (f.misfit) return line + ": " + f.misfit->text;
  line += ": fits, " + std::to_string(f.events) + " events";
  if (is_terminal(f.state)) line += ", ended";
  const char* before = ", waits for ";
  for (const auto& what : f.waits_for) line.append(std::exchange(before, ", ")).append(what);
  return line;
}

void add_lists(object_writer& to, const folder_findings& folder) {
  {
    array_writer misfits(to.member("folder_misfits"));
    for (const auto& what : folder.misfits) misfits.text(what);
  }
  array_writer unbound(to.member("unbound"));
  for (const auto& what : folder.unbound) unbound.text(what);
}

std::string json_of(const folder_findings& folder) {
  std::string json;
  {
    object_writer object(json);
    add_lists(object, folder);
  }
  return json;
}

std::string json_of(const replay_finding& f, const folder_findings* folder = nullptr) {
  std::string json;
  {
    object_writer object(json);
    object.text("id", f.id);
    object.text("orchestration", f.orchestration);
    object.text("state", word_of(f.state));
    object.number("events", f.events);
    object.flag("fits", !f.misfit);
    if (f.misfit) object.text("code", to_string(f.misfit->why));
    if (f.misfit) object.text("text", f.misfit->text);
    if (folder != nullptr) add_lists(object, *folder);
    array_writer waits(object.member("waits_for"));
    for (const auto& what : f.waits_for) waits.text(what);
  }
  return json;
}

int code_of(const replay_finding& f) {
  if (!f.misfit) return exit_done;
  return f.misfit->why == cause::diverged || f.misfit->why == cause::unbound ? exit_diverged
                                                                             : exit_failed;
}

// Prints what a node would check when it opens the folder, one line each.
void print_lines(const folder_findings& folder) {
  for (const auto& what : folder.misfits)
    std::cout << printed_plainly("the folder: " + what) << '\n';
  for (const auto& what : folder.unbound)
    std::cout << printed_plainly("stored, and bound by nobody: " + what) << '\n';
}

int replay_one(history_book& book, const replay_command& c, const bindings& app) {
  const auto folder = book.check(app);
  if (!folder) return complain(folder.error(), exit_failed);
  const auto found = book.replay(c.id, app);
  if (!found)
    return complain(found.error(),
                    found.error().why == cause::not_found ? exit_not_found : exit_failed);
  if (c.output.empty() || c.output == "table") {
    print_lines(*folder);
    std::cout << printed_plainly(line_of(*found)) << '\n';
  } else {
    std::cout << json_of(*found, &*folder) << '\n';
  }
  return folder->misfits.empty() || found->misfit ? code_of(*found) : exit_diverged;
}

// The summary of a replay of all instances.
struct tally {
  std::size_t instances = 0, ended = 0, misfits = 0, ended_misfits = 0;
  int code = exit_done;

  // No node replays an ended instance: a misfit of one is reported, but does not fail the command.
  void add(const replay_finding& f) {
    const bool over = is_terminal(f.state);
    ++instances;
    ended += over;
    if (!f.misfit) return;
    if (over && f.misfit->why != cause::corrupt) {
      ++ended_misfits;
      return;
    }
    ++misfits;
    if (code != exit_failed) code = code_of(f);
  }
};

void print_words(const tally& all, const folder_findings& folder) {
  const bool opens = folder.misfits.empty();
  std::cout << all.instances << " instances, " << all.ended << " of them ended: ";
  if (all.misfits != 0)
    std::cout << all.misfits << " do not fit\n";
  else
    std::cout << (opens ? "all that go on fit\n" : "their histories fit\n");
  if (!opens) std::cout << "no node with this program opens the folder\n";
  if (all.ended_misfits != 0)
    std::cout << all.ended_misfits << " that have ended do not fit either; nothing replays them\n";
}

std::string json_of(const tally& all, const folder_findings& folder,
                    const std::vector<std::string>& findings) {
  std::string json;
  {
    object_writer object(json);
    object.number("instances", all.instances);
    object.number("ended", all.ended);
    object.number("misfits", all.misfits);
    object.number("ended_misfits", all.ended_misfits);
    add_lists(object, folder);
    array_writer list(object.member("findings"));
    for (const auto& one : findings) list.element() += one;
  }
  return json;
}

// Replays all instances and prints those that do not fit: as they are found, except for json, which is
// one object.
int replay_all(history_book& book, const replay_command& c, const bindings& app) {
  const bool in_words = c.output != "json" && c.output != "ndjson";
  const auto folder = book.check(app);
  if (!folder) return complain(folder.error(), exit_failed);
  if (in_words) print_lines(*folder);
  tally all;
  if (!folder->misfits.empty()) all.code = exit_diverged;
  std::vector<std::string> findings;
  const auto read = book.replay_all(app, [&](const replay_finding& f) {
    all.add(f);
    if (!f.misfit) return;
    if (c.output == "json")
      findings.push_back(json_of(f));
    else
      std::cout << (in_words ? printed_plainly(line_of(f)) : json_of(f)) << '\n';
  });
  if (!read) return complain(read.error(), exit_failed);
  if (in_words) print_words(all, *folder);
  if (c.output == "json") std::cout << json_of(all, *folder, findings) << '\n';
  if (c.output == "ndjson") std::cout << json_of(*folder) << '\n';
  return all.code;
}

}  // namespace

int replay(const replay_command& c, const bindings& app) {
  if (c.all != c.id.empty()) return gateway::complain("give an instance id, or --all", exit_usage);
  const auto book = history_book::open(c.folder);
  if (!book) return complain(book.error(), exit_failed);
  return c.all ? replay_all(**book, c, app) : replay_one(**book, c, app);
}

}  // namespace reprise::gateway
