#include "tests/fault/rotten_store.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string_view>

#include "persistence/damage.hpp"
#include "persistence/store.hpp"

namespace reprise::fault {

namespace {

using persistence::store;

// The order is that of `words`.
enum verdict { same, refused, stopped, quarantined, torn_end, opened_wrong, unnamed, wrong };
constexpr const char* words[] = {"no effect: nobody reads it",
                                 "refused, the file named",
                                 "stopped at a read, the file named",
                                 "quarantined and listed, the rest served",
                                 "the last group is gone, as if it had not been flushed",
                                 "FOUND: served without records",
                                 "FOUND: refused without a file's name",
                                 "FOUND: a wrong record was served"};

bool names_a_file(std::string_view text, const std::string& folder) {
  return text.find(folder) != text.npos;
}

verdict read_all(store& s, const std::string& folder, const known_states& known) {
  persistence::load_request page;
  page.first = "\x01";
  page.last = "\xff";
  std::uint64_t sum = 0;
  bool alien = false, lacks = false;
  std::size_t corrupt = 0;
  for (;;) {
    const auto answer = s.read(page);
    if (answer.error) return names_a_file(answer.error->text, folder) ? stopped : unnamed;
    for (const auto& [key, value] : answer.entries) {
      sum += record_sum(key, value);
      alien =
          alien || s.durable() != known.last() ? alien : !known.has(key, record_sum(key, value));
    }
    for (const auto& key : answer.corrupt) sum += known.part_of(key), ++corrupt;
    if (!answer.more) break;
    page.first = answer.entries.back().first + '\0';
  }
  lacks = s.durable() > known.last() || sum != known.sum_at(s.durable());
  if (alien) return wrong;
  if (lacks) return opened_wrong;
  if (corrupt > 0) return quarantined;
  return s.durable() < known.last() ? torn_end : same;
}

verdict look(const persistence::lmdb_options& options, const known_states& known) {
  auto opened = persistence::open_lmdb_store(options);
  if (!opened) return names_a_file(opened.error().text, options.folder) ? refused : unnamed;
  return read_all(**opened, options.folder, known);
}

void on_fault(int number, siginfo_t* what, void*) {
  persistence::end_if_in_tables(what->si_addr);
  ::signal(number, SIG_DFL);
}

}  // namespace

std::string verdict_of_store(const persistence::lmdb_options& options, const known_states& known) {
  const auto child = ::fork();
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stderr) == nullptr) ::_exit(99);
    struct sigaction action {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO;
    for (const int each : {SIGSEGV, SIGBUS}) ::sigaction(each, &action, nullptr);
    ::alarm(30);
    ::_exit(look(options, known));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return "FOUND: ended by signal " + std::to_string(WTERMSIG(status));
  const auto code = static_cast<std::size_t>(WEXITSTATUS(status));
  if (code == 70) return "stopped by LMDB or the memory map, the file named";
  return code < std::size(words) ? words[code] : "FOUND: status " + std::to_string(code);
}

}  // namespace reprise::fault
