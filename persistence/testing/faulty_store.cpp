#include "persistence/testing/faulty_store.hpp"

namespace reprise::persistence::internal {

result<void> faulty_store::commit(position first, std::span<const batch> group) {
  if (failed_) return stopped();
  last_group_ = 0;
  for (const auto& each : group) last_group_ += each.bytes().size();
  if (++commits_ != plan_.commit) return inner_->commit(first, group);
  switch (plan_.how) {
    case mishap::none:
      break;
    case mishap::not_written:
      return fault{errc::not_written, "injected: the disk is full"};
    case mishap::unknown_kept:
      if (auto done = inner_->commit(first, group); !done) return done;
      failed_ = true;
      return fault{errc::unknown, "injected: the flush failed"};
    case mishap::unknown_lost:
      failed_ = true;
      return fault{errc::unknown, "injected: the flush failed"};
    case mishap::crash_before:
      throw injected_crash();
    case mishap::crash_after:
      if (auto done = inner_->commit(first, group); !done) return done;
      throw injected_crash();
  }
  return inner_->commit(first, group);
}

result<persistence::term> faulty_store::begin_term() {
  if (failed_) return stopped();
  if (plan_.failing_probes > 0) {
    --plan_.failing_probes;
    return fault{errc::not_written, "injected: the disk is still full"};
  }
  return inner_->begin_term();
}

void faulty_store::load(load_request what, std::function<void(load_answer)> done) {
  if (failed_) return done(read(what));
  {
    const std::scoped_lock lock(mutex_);
    if (holding_ && how_ == held::early) {
      held_.push_back([answer = inner_->read(what), call = std::move(done)] { call(answer); });
      return;
    }
    if (holding_) {
      held_.push_back(
          [this, asked = std::move(what), call = std::move(done)] { inner_->load(asked, call); });
      return;
    }
  }
  inner_->load(std::move(what), std::move(done));
}

load_answer faulty_store::read(const load_request& what) {
  load_answer answer;
  if (failing_reads_ > 0) {
    --failing_reads_;
    answer.error = fault{errc::failed, "injected: the disk cannot be read"};
    return answer;
  }
  if (!failed_) return inner_->read(what);
  answer.error = stopped();
  return answer;
}

void faulty_store::hold_loads(held how) {
  const std::scoped_lock lock(mutex_);
  holding_ = true;
  how_ = how;
}

std::size_t faulty_store::held_loads() const {
  const std::scoped_lock lock(mutex_);
  return held_.size();
}

void faulty_store::release_loads() {
  std::deque<std::function<void()>> ready;
  {
    const std::scoped_lock lock(mutex_);
    holding_ = false;
    ready.swap(held_);
  }
  for (auto& answer : ready) answer();
}

void faulty_store::close() {
  release_loads();
  if (!failed_) inner_->close();
}

}  // namespace reprise::persistence::internal
