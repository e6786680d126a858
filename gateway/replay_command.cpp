#include <iostream>
#include <utility>

#include "gateway/internal/commands.hpp"
#include "runtime/replay.hpp"

namespace reprise::gateway {

namespace {

int complain(const failure& why, int code) {
  std::cerr << "reprise: " << why.text << '\n';
  return code;
}

// One line: "order-1 (checkout): fits, 12 events, waits for event verdict, timer".
void print(const replay_finding& f) {
  std::cout << f.id;
  if (!f.orchestration.empty()) std::cout << " (" << f.orchestration << ')';
  if (f.misfit) {
    std::cout << ": " << f.misfit->text << '\n';
    return;
  }
  std::cout << ": fits, " << f.events << " events";
  if (is_terminal(f.state)) std::cout << ", ended";
  const char* before = ", waits for ";
  for (const auto& what : f.waits_for) std::cout << std::exchange(before, ", ") << what;
  std::cout << '\n';
}

int code_of(const replay_finding& f) {
  if (!f.misfit) return exit_done;
  return f.misfit->why == cause::diverged || f.misfit->why == cause::unbound ? exit_diverged
                                                                             : exit_failed;
}

// What an open checks before it runs anything; printed, and whether a node would refuse the folder.
result<bool> fits_folder(history_book& book, const application& app) {
  const auto found = book.check(app);
  if (!found) return found.error();
  for (const auto& what : found->misfits) std::cout << "the folder: " << what << '\n';
  for (const auto& what : found->unbound)
    std::cout << "stored, and bound by nobody: " << what << '\n';
  return found->misfits.empty();
}

int replay_one(history_book& book, const std::string& id, const application& app) {
  const auto opens = fits_folder(book, app);
  if (!opens) return complain(opens.error(), exit_failed);
  const auto found = book.replay(id, app);
  if (!found)
    return complain(found.error(),
                    found.error().why == cause::not_found ? exit_not_found : exit_failed);
  print(*found);
  return *opens || found->misfit ? code_of(*found) : exit_diverged;
}

// Names those that do not fit. One that has ended is not replayed again by any node: it is told, and
// the deployment is none the worse for it.
int replay_all(history_book& book, const application& app) {
  const auto opens = fits_folder(book, app);
  if (!opens) return complain(opens.error(), exit_failed);
  std::size_t all = 0, ended = 0, misfits = 0, ended_misfits = 0;
  int code = *opens ? exit_done : exit_diverged;
  const auto read = book.replay_all(app, [&](const replay_finding& f) {
    const bool over = is_terminal(f.state);
    ++all;
    ended += over;
    if (!f.misfit) return;
    print(f);
    if (over && f.misfit->why != cause::corrupt) {
      ++ended_misfits;
      return;
    }
    ++misfits;
    if (code != exit_failed) code = code_of(f);
  });
  if (!read) return complain(read.error(), exit_failed);
  std::cout << all << " instances, " << ended << " of them ended: ";
  if (misfits != 0)
    std::cout << misfits << " do not fit\n";
  else
    std::cout << (*opens ? "all that go on fit\n" : "their histories fit\n");
  if (!*opens) std::cout << "no node with this program opens the folder\n";
  if (ended_misfits != 0)
    std::cout << ended_misfits << " that have ended do not fit either; nothing replays them\n";
  return code;
}

}  // namespace

int replay(const replay_command& c, const application& app) {
  if (c.all != c.id.empty()) {
    std::cerr << "reprise: give an instance id, or --all\n";
    return exit_usage;
  }
  const auto book = history_book::open(c.folder);
  if (!book) return complain(book.error(), exit_failed);
  return c.all ? replay_all(**book, app) : replay_one(**book, c.id, app);
}

}  // namespace reprise::gateway
