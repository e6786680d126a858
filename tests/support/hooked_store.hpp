// A store around another with hooks for its commits and reads: for tests of a crash or a disk
// failure at one specific place.

#pragma once

#include <functional>
#include <memory>
#include <span>
#include <utility>

#include "persistence/store.hpp"

namespace reprise::testing {

class hooked_store final : public persistence::store {
 public:
  struct hooks {
    std::function<void(std::span<const persistence::batch>)> before_commit{};
    std::function<bool(const persistence::load_request&)> fails_read{};
  };
  hooked_store(std::unique_ptr<persistence::store> inner, hooks h)
      : inner_(std::move(inner)), hooks_(std::move(h)) {}

  persistence::term term() const override { return inner_->term(); }
  persistence::position durable() const override { return inner_->durable(); }
  persistence::result<void> commit(persistence::position first,
                                   std::span<const persistence::batch> group) override {
    if (hooks_.before_commit) hooks_.before_commit(group);
    return inner_->commit(first, group);
  }
  persistence::result<persistence::term> begin_term() override { return inner_->begin_term(); }
  void load(persistence::load_request r,
            std::function<void(persistence::load_answer)> done) override {
    inner_->load(std::move(r), std::move(done));
  }
  persistence::load_answer read(const persistence::load_request& r) override {
    if (!hooks_.fails_read || !hooks_.fails_read(r)) return inner_->read(r);
    persistence::load_answer failed;
    failed.error = persistence::fault{persistence::errc::failed, "the disk cannot be read"};
    return failed;
  }
  persistence::store_load load_state() const override { return inner_->load_state(); }
  bool must_wait() const noexcept override { return inner_->must_wait(); }
  void watch(persistence::store_events e) override { inner_->watch(std::move(e)); }
  void close() override { inner_->close(); }

 private:
  const std::unique_ptr<persistence::store> inner_;
  const hooks hooks_;
};

}  // namespace reprise::testing
