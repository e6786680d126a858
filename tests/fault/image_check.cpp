#include "tests/fault/image_check.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <utility>

#include "persistence/batch.hpp"
#include "persistence/check.hpp"
#include "persistence/keys.hpp"

namespace reprise::fault {

namespace {

using persistence::batch;
using persistence::store;

std::string differs(store& s, const known_states& known) {
  persistence::load_request page;
  page.first = "\x01";
  page.last = "\xff";
  std::uint64_t sum = 0;
  for (;;) {
    const auto answer = s.read(page);
    if (answer.error) return "reading: " + answer.error->text;
    if (!answer.corrupt.empty())
      return std::to_string(answer.corrupt.size()) + " records do not fit their checksums";
    for (const auto& [key, value] : answer.entries) sum += record_sum(key, value);
    if (!answer.more) break;
    page.first = answer.entries.back().first + '\0';
  }
  if (sum == known.sum_at(s.durable())) return {};
  return "position " + std::to_string(s.durable()) + " holds other records than were written";
}

std::string takes_a_write(store& s) {
  const auto key = persistence::keys::meta("after the cut");
  batch put, erase;
  put.put(key, "there");
  erase.erase(key);
  if (const auto done = s.commit(s.durable() + 1, {&put, 1}); !done)
    return "a write is refused: " + done.error().text;
  persistence::load_request again;
  again.keys = {key};
  const auto answer = s.read(again);
  if (answer.error || answer.values.front() != "there") return "a write does not show";
  if (const auto done = s.commit(s.durable() + 1, {&erase, 1}); !done)
    return "a second write is refused: " + done.error().text;
  return {};
}

std::string look(const persistence::lmdb_options& options, const known_states& known,
                 position acknowledged, afterwards then) {
  auto opened = persistence::open_lmdb_store(options);
  if (!opened) return "it does not open: " + opened.error().text;
  auto& s = **opened;
  const auto at = s.durable();
  if (at < acknowledged)
    return "position " + std::to_string(acknowledged) + " was acknowledged, the log ends at " +
           std::to_string(at);
  if (at > known.last()) return "position " + std::to_string(at) + " was never written";
  if (auto wrong = differs(s, known); !wrong.empty()) return wrong;
  if (auto wrong = takes_a_write(s); !wrong.empty()) return wrong;
  s.close();
  opened->reset();
  if (then == afterwards::leave) return {};
  const auto report = persistence::check_folder(options.folder);
  if (!report) return "check: " + report.error().text;
  for (const auto& finding : report->findings)
    // The writer of small segments writes values of its own.
    if (finding.find("is no record of its table") == std::string::npos) return "check: " + finding;
  return {};
}

}  // namespace

std::string check_image(const persistence::lmdb_options& options, const known_states& known,
                        position acknowledged, afterwards then) {
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  const auto child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    ::alarm(60);
    const auto wrong = look(options, known, acknowledged, then);
    const auto told = ::write(ends[1], wrong.data(), wrong.size());
    ::_exit(told == static_cast<ssize_t>(wrong.size()) && wrong.empty() ? 0 : 1);
  }
  ::close(ends[1]);
  std::string said;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    said.append(buffer, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFSIGNALED(status))
    return "the process ends with signal " + std::to_string(WTERMSIG(status));
  if (said.empty() && status != 0) return "the process ends with " + std::to_string(status);
  return said;
}

}  // namespace reprise::fault
