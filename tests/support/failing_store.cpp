#include "tests/support/failing_store.hpp"

namespace reprise::testing {

using persistence::errc;

bool failing_store::fails(store_call c) {
  if (!counts_ || plan_.in != c || plan_.first == 0) return false;
  const auto n = ++calls_;
  if (n < plan_.first || n - plan_.first >= plan_.times) return false;
  hit_ = true;
  return true;
}

bool failing_store::ended() {
  if (closed_) ++misuses_;
  return failed_;
}

persistence::fault failing_store::fault_of(errc code) const {
  return {code, "injected: error " + std::to_string(static_cast<int>(code))};
}

persistence::load_answer failing_store::refused(errc code) const {
  persistence::load_answer answer;
  answer.error = fault_of(code);
  return answer;
}

persistence::result<void> failing_store::commit(persistence::position first,
                                                std::span<const persistence::batch> group) {
  if (at_commit)
    at_commit(++commits_);
  else
    ++commits_;
  if (ended()) return fault_of(errc::failed);
  if (needs_term_ || first != inner_->durable() + 1) ++misuses_;
  if (commits_ == plan_.refused_commit) {
    counts_ = true;
    needs_term_ = true;
    return fault_of(errc::not_written);
  }
  if (!fails(store_call::commit)) return inner_->commit(first, group);
  if (plan_.code == errc::not_written) {
    needs_term_ = true;
    return fault_of(plan_.code);
  }
  failed_ = true;
  if (plan_.kept)
    if (auto done = inner_->commit(first, group); !done) return done;
  return fault_of(plan_.code);
}

persistence::result<persistence::term> failing_store::begin_term() {
  if (ended()) return fault_of(errc::failed);
  if (!fails(store_call::begin_term)) {
    needs_term_ = false;
    return inner_->begin_term();
  }
  failed_ = plan_.code != errc::not_written;
  return fault_of(plan_.code);
}

void failing_store::load(persistence::load_request what,
                         std::function<void(persistence::load_answer)> done) {
  if (ended()) return done(refused(errc::failed));
  if (fails(store_call::load)) return done(refused(plan_.code));
  inner_->load(std::move(what), std::move(done));
}

persistence::load_answer failing_store::read(const persistence::load_request& what) {
  if (ended()) return refused(errc::failed);
  if (fails(store_call::read)) return refused(plan_.code);
  return inner_->read(what);
}

void failing_store::close() {
  if (closed_.exchange(true)) ++misuses_;
  if (!failed_) inner_->close();
}

}  // namespace reprise::testing
