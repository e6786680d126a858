#include "runtime/message/records.hpp"

#include <capnp/message.h>
#include <capnp/serialize.h>

#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <utility>

#include "persistence/record_options.hpp"
#include "persistence/records.capnp.h"

namespace reprise::runtime::records {
namespace {

static_assert(std::endian::native == std::endian::little, "a segment table is little-endian");

namespace rec = persistence::records;

capnp::Data::Reader data(std::string_view s) {
  return {reinterpret_cast<const kj::byte*>(s.data()), s.size()};
}
capnp::Text::Reader text(const std::string& s) { return {s.c_str(), s.size()}; }
std::string str(capnp::Text::Reader t) { return {t.begin(), t.size()}; }
payload bytes(capnp::Data::Reader d) {
  return payload(std::string_view(reinterpret_cast<const char*>(d.begin()), d.size()));
}
std::int64_t ns(time_point t) { return t.time_since_epoch().count(); }
time_point at(std::int64_t n) { return time_point(duration(n)); }

// Builds one record. Its first segment is a thread-local buffer, which the builder needs zeroed and
// leaves zeroed; most records need no second one.
template <class Record, class Fill>
std::string built(Fill fill) {
  static thread_local std::array<capnp::word, 256> scratch{};
  capnp::MallocMessageBuilder message(kj::arrayPtr(scratch.data(), scratch.size()));
  fill(message.initRoot<Record>());
  const auto segments = message.getSegmentsForOutput();
  if (segments.size() == 1) {  // header of one segment: number of further ones, its size in words
    const std::uint32_t table[2] = {0, static_cast<std::uint32_t>(segments[0].size())};
    const auto words = segments[0].asBytes();
    std::string out;
    out.reserve(sizeof table + words.size());
    out.append(reinterpret_cast<const char*>(table), sizeof table);
    out.append(reinterpret_cast<const char*>(words.begin()), words.size());
    return out;
  }
  std::string out(capnp::computeSerializedSizeInWords(segments) * sizeof(capnp::word), '\0');
  kj::ArrayOutputStream stream(kj::arrayPtr(reinterpret_cast<kj::byte*>(out.data()), out.size()));
  capnp::writeMessage(stream, segments);
  return out;
}

// Reads one record. Returns what `use` returns, or an empty value if the bytes are not such a message.
template <class Record, class Use>
auto read(std::string_view value, Use use) -> decltype(use(typename Record::Reader())) {
  if (value.size() % sizeof(capnp::word) != 0 || value.empty()) return {};
  std::string aligned;
  if (reinterpret_cast<std::uintptr_t>(value.data()) % alignof(capnp::word) != 0)
    value = aligned = value;
  try {
    const auto words = kj::arrayPtr(reinterpret_cast<const capnp::word*>(value.data()),
                                    value.size() / sizeof(capnp::word));
    capnp::FlatArrayMessageReader reader(words, persistence::record_options(words.size()));
    return use(reader.getRoot<Record>());
  } catch (const kj::Exception&) {
    return {};
  }
}

void put(rec::Failure::Builder to, const failure& f) {
  to.setCause(static_cast<std::uint16_t>(f.why));
  to.setText(text(f.text));
  to.setRetryable(f.retryable);
  if (!f.from.empty()) to.setFrom(text(f.from));
}
failure get(rec::Failure::Reader from) {
  return {static_cast<cause>(from.getCause()), str(from.getText()), from.getRetryable(),
          str(from.getFrom())};
}

void put(rec::Outcome::Builder to, const result<payload>& r) {
  if (r)
    to.setValue(data(r->bytes()));
  else
    put(to.initFailure(), r.error());
}
result<payload> get(rec::Outcome::Reader from) {
  if (from.isFailure()) return get(from.getFailure());
  return bytes(from.getValue());
}

void put(rec::Generation::Builder to, const generation& g) {
  to.setTerm(g.term);
  to.setPosition(g.position);
}
generation get(rec::Generation::Reader from) { return {from.getTerm(), from.getPosition()}; }

void put(rec::Address::Builder to, const address& a) {
  to.setKind(static_cast<std::uint8_t>(a.kind));
  to.setType(text(a.type));
  to.setKey(text(a.key));
}
address get(rec::Address::Reader from) {
  return {static_cast<address_kind>(from.getKind()), str(from.getType()), str(from.getKey())};
}

void put(rec::Retry::Builder to, const retry& r) {
  to.setAttempts(r.attempts);
  to.setFirst(r.first.count());
  to.setFactor(r.factor);
  to.setMax(r.max.count());
  to.setTotal(r.total.count());
  to.setOnly(r.only.bits);
}
retry get(rec::Retry::Reader from) {
  retry r;
  r.attempts = from.getAttempts();
  r.first = duration(from.getFirst());
  r.factor = from.getFactor();
  r.max = duration(from.getMax());
  r.total = duration(from.getTotal());
  r.only.bits = from.getOnly();
  return r;
}

using attempt_list = capnp::List<rec::Attempt>;

void put(attempt_list::Builder to, const std::vector<tried>& all) {
  for (unsigned i = 0; i < all.size(); ++i) {
    to[i].setNumber(all[i].number);
    to[i].setQueued(ns(all[i].queued));
    to[i].setBegan(ns(all[i].began));
    to[i].setEnded(ns(all[i].ended));
    if (all[i].error) put(to[i].initFailure(), *all[i].error);
  }
}
std::vector<tried> get(attempt_list::Reader from) {
  std::vector<tried> all;
  for (auto one : from) {
    auto& t = all.emplace_back();
    t.number = one.getNumber();
    t.queued = at(one.getQueued());
    t.began = at(one.getBegan());
    t.ended = at(one.getEnded());
    if (one.hasFailure()) t.error = get(one.getFailure());
  }
  return all;
}

void put(rec::Event::Builder to, const history_event& e) {
  to.setKind(static_cast<std::uint8_t>(e.kind));
  to.setAt(ns(e.at));
  to.setTarget(e.target);
  if (!e.name.empty()) to.setName(text(e.name));
  if (!e.operation.empty()) to.setOperation(text(e.operation));
  if (!e.key.empty()) to.setKey(text(e.key));
  if (!e.value.empty()) to.setValue(data(e.value.bytes()));
  if (e.error) put(to.initError(), *e.error);
  to.setDue(ns(e.due));
  to.setDeferred(e.deferred);
  if (!(e.policy == retry{})) put(to.initPolicy(), e.policy);
  to.setTimeout(e.timeout.count());
  to.setUnlogged(e.unlogged);
  if (!e.attempts.empty())
    put(to.initAttempts(static_cast<unsigned>(e.attempts.size())), e.attempts);
}
history_event get(rec::Event::Reader from, std::uint64_t number) {
  history_event e;
  e.kind = static_cast<event_kind>(from.getKind());
  e.number = number;
  e.at = at(from.getAt());
  e.target = from.getTarget();
  e.name = str(from.getName());
  e.operation = str(from.getOperation());
  e.key = str(from.getKey());
  e.value = bytes(from.getValue());
  if (from.hasError()) e.error = get(from.getError());
  e.due = at(from.getDue());
  e.deferred = from.getDeferred();
  if (from.hasPolicy()) e.policy = get(from.getPolicy());
  e.timeout = duration(from.getTimeout());
  e.unlogged = from.getUnlogged();
  if (from.hasAttempts()) e.attempts = get(from.getAttempts());
  return e;
}

void put(rec::ReplyTo::Builder to, const reply_to& r) {
  to.setInstance(text(r.instance));
  put(to.initGeneration(), r.generation);
  to.setStep(r.step);
  to.setAttempt(r.attempt);
  to.setRound(r.round);
}
reply_to get(rec::ReplyTo::Reader from) {
  return {str(from.getInstance()), get(from.getGeneration()), from.getStep(), from.getAttempt(),
          from.getRound()};
}

void put_untraced(rec::Message::Builder to, const message& m) {
  if (!m.sender.key.empty()) put(to.initSender(), m.sender);
  to.setSent(ns(m.sent));
  if (m.reply) put(to.initReplyTo(), *m.reply);
  struct fill {
    rec::Message::Builder to;
    void operator()(const call_body& b) {
      auto call = to.initCall();
      call.setOperation(text(b.operation));
      call.setInput(data(b.input.bytes()));
    }
    void operator()(const start_body& b) {
      auto start = to.initStart();
      start.setOrchestration(text(b.orchestration));
      start.setStartInput(data(b.input.bytes()));
      start.setReuse(static_cast<std::uint8_t>(b.reuse));
      start.setDue(ns(b.due));
    }
    void operator()(const answer_body& b) {
      auto answer = to.initAnswer();
      put(answer.initGeneration(), b.generation);
      answer.setStep(b.step);
      answer.setAnswerAttempt(b.attempt);
      answer.setAnswerRound(b.round);
      put(answer.initOutcome(), b.outcome);
    }
    void operator()(const raised_body& b) {
      auto raised = to.initRaised();
      raised.setEvent(text(b.event));
      raised.setValue(data(b.value.bytes()));
    }
    void operator()(const terminate_body& b) {
      auto terminate = to.initTerminate();
      terminate.setReason(text(b.reason));
      terminate.setRecursive(b.recursive);
    }
    void operator()(const suspend_body& b) { to.setSuspend(text(b.reason)); }
    void operator()(const resume_body& b) { to.setResume(text(b.reason)); }
    void operator()(const rewind_body& b) {
      auto rewind = to.initRewind();
      rewind.setReason(text(b.reason));
      if (b.orchestration.empty()) return;
      rewind.setOrchestration(text(b.orchestration));
      rewind.setInput(data(b.input.bytes()));
    }
    void operator()(const restart_body& b) { to.setRestart(text(b.from)); }
    void operator()(const purge_body& b) { to.setPurge(b.recursive); }
    void operator()(const lock_body&) { to.setLock(); }
    void operator()(const unlock_body& b) {
      auto unlock = to.initUnlock();
      put(unlock.initHolder(), b.holder);
      unlock.setForced(b.forced);
    }
    void operator()(const erase_body&) { to.setErase(); }
    void operator()(const fired_body&) { assert(!"a fired timer is never stored as a message"); }
    void operator()(const retire_body&) { assert(!"a sweep's request is never stored"); }
    void operator()(const expire_body&) { assert(!"a sweep's request is never stored"); }
  };
  std::visit(fill{to}, m.body);
}
void put(rec::Message::Builder to, const message& m) {
  if (!m.trace) return put_untraced(to, m);
  auto traced = to.initTraced();
  traced.setParent(text(stored_trace(m.trace)));
  put_untraced(traced.initMessage(), m);
}

void put(rec::Request::Builder to, const request& r) {
  to.setAttempt(r.attempt);
  to.setBegan(ns(r.began));
  to.setDue(ns(r.due));
  if (r.last) put(to.initLastFailure(), *r.last);
  put(to.initWhat(), r.what);
  if (r.trace) to.getWhat().setKey(text(stored_trace(r.trace)));
  to.setDeadline(ns(r.deadline));
  to.setQueued(ns(r.queued));
  if (!r.attempts.empty())
    put(to.initAttempts(static_cast<unsigned>(r.attempts.size())), r.attempts);
  to.setRound(r.round);
}
request get(rec::Request::Reader from) {
  request r;
  r.attempt = from.getAttempt();
  r.began = at(from.getBegan());
  r.due = at(from.getDue());
  if (from.hasLastFailure()) r.last = get(from.getLastFailure());
  r.what = get(from.getWhat(), 0);
  r.deadline = at(from.getDeadline());
  r.queued = at(from.getQueued());
  if (from.hasAttempts()) r.attempts = get(from.getAttempts());
  r.round = from.getRound();
  if (r.what.kind != event_kind::activity || r.what.key.empty()) return r;
  r.trace = read_stored_trace(std::exchange(r.what.key, {})).value_or(trace_context{});
  return r;
}

message_ptr get(rec::Message::Reader from) {
  if (from.isTraced()) {
    auto traced = get(from.getTraced().getMessage());
    if (traced)
      traced->trace =
          read_stored_trace(str(from.getTraced().getParent())).value_or(trace_context{});
    return traced;
  }
  auto m = std::make_unique<message>();
  if (from.hasSender()) m->sender = get(from.getSender());
  m->sent = at(from.getSent());
  m->durable = true;
  if (from.hasReplyTo()) m->reply = get(from.getReplyTo());
  switch (from.which()) {
    case rec::Message::CALL:
      m->body = call_body{str(from.getCall().getOperation()), bytes(from.getCall().getInput())};
      break;
    case rec::Message::START:
      m->body = start_body{
          str(from.getStart().getOrchestration()), bytes(from.getStart().getStartInput()),
          static_cast<id_reuse>(from.getStart().getReuse()), at(from.getStart().getDue())};
      break;
    case rec::Message::ANSWER:
      m->body = answer_body{get(from.getAnswer().getGeneration()),
                            from.getAnswer().getStep(),
                            get(from.getAnswer().getOutcome()),
                            from.getAnswer().getAnswerAttempt(),
                            {},
                            from.getAnswer().getAnswerRound()};
      break;
    case rec::Message::RAISED:
      m->body = raised_body{str(from.getRaised().getEvent()), bytes(from.getRaised().getValue())};
      break;
    case rec::Message::TERMINATE:
      m->body =
          terminate_body{str(from.getTerminate().getReason()), from.getTerminate().getRecursive()};
      break;
    case rec::Message::SUSPEND:
      m->body = suspend_body{str(from.getSuspend())};
      break;
    case rec::Message::RESUME:
      m->body = resume_body{str(from.getResume())};
      break;
    case rec::Message::REWIND:
      m->body =
          rewind_body{str(from.getRewind().getReason()), str(from.getRewind().getOrchestration()),
                      bytes(from.getRewind().getInput())};
      break;
    case rec::Message::RESTART:
      m->body = restart_body{str(from.getRestart())};
      break;
    case rec::Message::PURGE:
      m->body = purge_body{from.getPurge(), {}};
      break;
    case rec::Message::LOCK:
      m->body = lock_body{};
      break;
    case rec::Message::UNLOCK:
      m->body = unlock_body{get(from.getUnlock().getHolder()), from.getUnlock().getForced()};
      break;
    case rec::Message::ERASE:
      m->body = erase_body{};
      break;
    default:
      return nullptr;
  }
  m->lane = lane_of(*m);
  return m;
}

}  // namespace

std::string encode(const message& m) {
  return built<rec::Message>([&](auto to) { put(to, m); });
}

std::string encode(const instance& i) {
  return built<rec::Instance>([&](auto to) {
    to.setOrchestration(text(i.orchestration));
    to.setStatus(i.status);
    put(to.initGeneration(), i.generation);
    to.setEvents(i.events);
    to.setCreated(ns(i.created));
    to.setUpdated(ns(i.updated));
    if (!i.custom_status.empty()) to.setCustomStatus(text(i.custom_status));
    if (i.outcome) put(to.initOutcome(), *i.outcome);
    to.setOpenReads(i.open_reads);
    if (!i.finding.empty()) to.setFinding(text(i.finding));
    if (i.parent) put(to.initParent(), *i.parent);
    if (!i.undone.empty()) {
      auto undone = to.initUndone(static_cast<unsigned>(i.undone.size()));
      for (unsigned k = 0; k < i.undone.size(); ++k) undone.set(k, i.undone[k]);
    }
    to.setDue(ns(i.due));
  });
}

std::string encode(const std::vector<history_event>& events) {
  return built<rec::Events>([&](auto to) {
    auto list = to.initEvents(static_cast<unsigned>(events.size()));
    for (unsigned i = 0; i < events.size(); ++i) put(list[i], events[i]);
  });
}

std::string encode(const request& r) {
  return built<rec::Request>([&](auto to) { put(to, r); });
}

std::string encode(const dedup& d) {
  return built<rec::Dedup>([&](auto to) {
    to.setBody(d.body);
    to.setAt(ns(d.at));
    put(to.initOutcome(), d.outcome);
    to.setTruncated(d.truncated);
  });
}

std::string encode(const actor& a) {
  return built<rec::Actor>([&](auto to) {
    to.setState(data(a.state.bytes()));
    to.setUpdated(ns(a.updated));
  });
}

std::string encode(const lock& l) {
  return built<rec::Lock>([&](auto to) {
    if (l.holder) put(to.initHolder(), *l.holder);
    to.setSince(ns(l.since));
    auto revoked = to.initRevoked(static_cast<unsigned>(l.revoked.size()));
    for (unsigned i = 0; i < l.revoked.size(); ++i) put(revoked[i], l.revoked[i]);
  });
}

std::string encode(const dead_letter& l) {
  return built<rec::DeadLetter>([&](auto to) {
    if (l.what) put(to.initMessage(), *l.what);
    if (l.attempt) put(to.initRequest(), *l.attempt);
    if (l.why) put(to.initFailure(), *l.why);
    to.setAt(ns(l.at));
    to.setCrashes(l.crashes);
    to.setBlamedTerm(l.blamed.term);
    to.setBlamedPosition(l.blamed.at);
    to.setBlamedIndex(l.blamed.index);
  });
}

std::string encode_entry(const payload& p) {
  return built<rec::Entry>([&](auto to) { to.setValue(data(p.bytes())); });
}

std::string encode_step_timer(const generation& g, std::uint64_t step) {
  return built<rec::Timer>([&](auto to) {
    auto timer = to.initStep();
    put(timer.initGeneration(), g);
    timer.setNumber(step);
  });
}

std::string encode_message_timer(const message& m) {
  return built<rec::Timer>([&](auto to) { put(to.initMessage(), m); });
}

message_ptr decode_message(std::string_view value) {
  return read<rec::Message>(value, [](auto from) { return get(from); });
}

std::optional<instance> decode_instance(std::string_view value) {
  return read<rec::Instance>(value, [](auto from) -> std::optional<instance> {
    instance i;
    i.orchestration = str(from.getOrchestration());
    i.status = from.getStatus();
    i.generation = get(from.getGeneration());
    i.events = from.getEvents();
    i.created = at(from.getCreated());
    i.updated = at(from.getUpdated());
    i.custom_status = str(from.getCustomStatus());
    if (from.hasOutcome()) i.outcome = get(from.getOutcome());
    i.open_reads = from.getOpenReads();
    i.finding = str(from.getFinding());
    if (from.hasParent()) i.parent = get(from.getParent());
    for (const auto number : from.getUndone()) i.undone.push_back(number);
    i.due = at(from.getDue());
    return i;
  });
}

bool decode_events(std::string_view value, std::uint64_t first,
                   std::vector<history_event>& append_to) {
  return read<rec::Events>(value, [&](auto from) {
    for (auto e : from.getEvents()) append_to.push_back(get(e, first++));
    return true;
  });
}

std::optional<request> decode_request(std::string_view value) {
  return read<rec::Request>(value, [](auto from) -> std::optional<request> { return get(from); });
}

std::optional<dedup> decode_dedup(std::string_view value) {
  return read<rec::Dedup>(value, [](auto from) -> std::optional<dedup> {
    dedup d;
    d.body = from.getBody();
    d.at = at(from.getAt());
    d.outcome = get(from.getOutcome());
    d.truncated = from.getTruncated();
    return d;
  });
}

std::optional<actor> decode_actor(std::string_view value) {
  return read<rec::Actor>(value, [](auto from) -> std::optional<actor> {
    return actor{bytes(from.getState()), at(from.getUpdated())};
  });
}

std::optional<lock> decode_lock(std::string_view value) {
  return read<rec::Lock>(value, [](auto from) -> std::optional<lock> {
    lock l;
    if (from.hasHolder()) l.holder = get(from.getHolder());
    l.since = at(from.getSince());
    for (auto one : from.getRevoked()) l.revoked.push_back(get(one));
    return l;
  });
}

std::optional<dead_letter> decode_dead_letter(std::string_view value) {
  return read<rec::DeadLetter>(value, [](auto from) -> std::optional<dead_letter> {
    dead_letter l;
    if (from.hasMessage() && !(l.what = get(from.getMessage()))) return std::nullopt;
    if (from.hasRequest()) l.attempt = get(from.getRequest());
    if (from.hasFailure()) l.why = get(from.getFailure());
    l.at = at(from.getAt());
    l.crashes = from.getCrashes();
    l.blamed = {from.getBlamedTerm(), from.getBlamedPosition(), from.getBlamedIndex()};
    return l;
  });
}

std::optional<payload> decode_entry(std::string_view value) {
  return read<rec::Entry>(
      value, [](auto from) -> std::optional<payload> { return bytes(from.getValue()); });
}

message_ptr decode_timer(std::string_view value) {
  return read<rec::Timer>(value, [](auto from) -> message_ptr {
    if (from.isMessage()) {
      auto m = get(from.getMessage());
      if (!m) return nullptr;
      m->durable = false;
      m->from_timer = true;
      m->lane = lane_of(*m);
      return m;
    }
    auto m = std::make_unique<message>();
    m->body = fired_body{get(from.getStep().getGeneration()), from.getStep().getNumber()};
    m->lane = lane::answers;
    return m;
  });
}

}  // namespace reprise::runtime::records
