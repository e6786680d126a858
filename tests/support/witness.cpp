#include "tests/support/witness.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include "runtime/message/records.hpp"

namespace reprise::testing {
namespace {

namespace keys = persistence::keys;
namespace records = runtime::records;

struct step {
  std::string name;
  bool answered = false;
};

// Returns every activity step of every instance, by the id that its attempts see.
std::map<std::string, step> steps_of(world& w) {
  std::map<std::string, step> all;
  auto& store = *w.engine().store;
  persistence::load_request request;
  std::tie(request.first, request.last) = keys::instances_range();
  request.max_entries = request.max_bytes = ~std::size_t{0} >> 1;
  for (const auto& [key, value] : store.read(request).entries) {
    const auto id = *keys::read_instance(key);
    const auto g = records::decode_instance(value)->generation;
    persistence::load_request history = request;
    std::tie(history.first, history.last) = keys::history_range(id, g.term, g.position);
    std::vector<history_event> events;
    for (const auto& [where, chunk] : store.read(history).entries)
      if (!records::decode_events(chunk, events.size(), events))
        throw std::runtime_error("the history of " + id + " does not decode");
    const auto prefix = id + '@' + std::to_string(g.term) + '.' + std::to_string(g.position) + '#';
    for (const auto& e : events) {
      const auto at = prefix + std::to_string(e.kind == event_kind::activity ? e.number : e.target);
      if (e.kind == event_kind::activity) all[at].name = e.name;
      const auto asked = all.find(at);
      if (e.kind == event_kind::answered && asked != all.end()) asked->second.answered = true;
    }
  }
  return all;
}

}  // namespace

witness::witness() {
  auto name = (std::filesystem::temp_directory_path() / "reprise-ledger-XXXXXX").string();
  const int made = ::mkstemp(name.data());
  if (made < 0) throw std::runtime_error("no temporary file");
  ::close(made);
  file_ = name;
  ::setenv("REPRISE_LEDGER", name.c_str(), 1);
}

witness::~witness() {
  ::unsetenv("REPRISE_LEDGER");
  std::filesystem::remove(file_);
}

std::vector<witness::line> witness::read() const {
  std::vector<line> lines;
  std::ifstream in(file_);
  std::string text, pid;
  std::size_t process = 0;
  while (std::getline(in, text)) {
    while (process < ends_.size() && lines.size() >= ends_[process]) ++process;
    line l;
    std::istringstream fields(text);
    fields >> l.activity >> l.id >> l.attempt >> pid;
    l.process = process;
    lines.push_back(std::move(l));
  }
  return lines;
}

std::size_t witness::lines_written() const { return read().size(); }

void witness::look(world& w) {
  for (const auto& [id, s] : steps_of(w))
    if (s.answered) done_by_.try_emplace(id, ends_.size());
}

std::vector<std::string> witness::complaints(world& w) const {
  std::vector<std::string> wrong;
  const auto steps = steps_of(w);
  std::set<std::string> tried;
  std::set<std::tuple<std::string, unsigned, std::size_t>> attempts;
  for (const auto& l : read()) {
    tried.insert(l.id);
    const auto what = l.activity + " " + l.id + " attempt " + std::to_string(l.attempt);
    const auto found = steps.find(l.id);
    if (found == steps.end() && !replaced_.contains(l.id.substr(0, l.id.find('@'))))
      wrong.push_back(what + " ran and is in no history");
    if (found != steps.end() && found->second.name == "")
      wrong.push_back(what + " is a step of another kind");
    if (!attempts.emplace(l.id, l.attempt, l.process).second && !repeats_)
      wrong.push_back(what + " ran twice in one process");
    const auto done = done_by_.find(l.id);
    if (done != done_by_.end() && l.process >= done->second)
      wrong.push_back(what + " ran again after a kill that found it done");
  }
  static const std::set<std::string> noted = {
      "charge", "refund", "stumble", "say_hello", "fan_out.term", "twice", "word_count.map"};
  for (const auto& [id, s] : steps)
    if (s.answered && noted.contains(s.name) && !tried.contains(id))
      wrong.push_back(s.name + " " + id + " has an answer and never ran");
  return wrong;
}

}  // namespace reprise::testing
