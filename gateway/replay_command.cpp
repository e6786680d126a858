#include <iostream>
#include <utility>

#include "gateway/internal/commands.hpp"
#include "gateway/internal/console.hpp"
#include "gateway/internal/instance_object.hpp"
#include "gateway/internal/json_writer.hpp"
#include "gateway/internal/printer.hpp"
#include "gateway/internal/text.hpp"
#include "runtime/replay.hpp"

namespace reprise::gateway {

namespace {

int complain(const failure& why, int code) { return gateway::complain(why.text, code); }

// One line: "order-1 (checkout): fits, 12 events, waits for event verdict, timer".
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

std::string json_of(const replay_finding& f) {
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

int replay_one(history_book& book, const replay_command& c, const application& app) {
  const auto found = book.replay(c.id, app);
  if (!found)
    return complain(found.error(),
                    found.error().why == cause::not_found ? exit_not_found : exit_failed);
  const bool in_words = c.output.empty() || c.output == "table";
  std::cout << (in_words ? printed_plainly(line_of(*found)) : json_of(*found)) << '\n';
  return code_of(*found);
}

// What a replay of every instance came to.
struct tally {
  std::size_t instances = 0, ended = 0, misfits = 0, ended_misfits = 0;
  int code = exit_done;

  // One that has ended is not replayed again by any node: it is told, and the deployment is none the
  // worse for it.
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

void print_words(const tally& all) {
  std::cout << all.instances << " instances, " << all.ended << " of them ended: ";
  if (all.misfits == 0)
    std::cout << "all that go on fit\n";
  else
    std::cout << all.misfits << " do not fit\n";
  if (all.ended_misfits != 0)
    std::cout << all.ended_misfits << " that have ended do not fit either; nothing replays them\n";
}

std::string json_of(const tally& all, const std::vector<std::string>& findings) {
  std::string json;
  {
    object_writer object(json);
    object.number("instances", all.instances);
    object.number("ended", all.ended);
    object.number("misfits", all.misfits);
    object.number("ended_misfits", all.ended_misfits);
    array_writer list(object.member("findings"));
    for (const auto& one : findings) list.element() += one;
  }
  return json;
}

// Names those that do not fit, as they are found but for json, which is one object.
int replay_all(history_book& book, const replay_command& c, const application& app) {
  tally all;
  std::vector<std::string> findings;
  const auto read = book.replay_all(app, [&](const replay_finding& f) {
    all.add(f);
    if (!f.misfit) return;
    if (c.output == "json")
      findings.push_back(json_of(f));
    else
      std::cout << (c.output == "ndjson" ? json_of(f) : printed_plainly(line_of(f))) << '\n';
  });
  if (!read) return complain(read.error(), exit_failed);
  if (c.output == "json") std::cout << json_of(all, findings) << '\n';
  if (c.output != "json" && c.output != "ndjson") print_words(all);
  return all.code;
}

}  // namespace

int replay(const replay_command& c, const application& app) {
  if (c.all != c.id.empty()) return gateway::complain("give an instance id, or --all", exit_usage);
  const auto book = history_book::open(c.folder);
  if (!book) return complain(book.error(), exit_failed);
  return c.all ? replay_all(**book, c, app) : replay_one(**book, c, app);
}

}  // namespace reprise::gateway
