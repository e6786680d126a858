// `state<T>`: the durable state of an actor, read and written whole. A turn that edits it and
// succeeds writes it.
//
//   reprise::state<Stock> stock;
//   stock->getAvailable()            // reads the current state, including this turn's edits
//   stock.edit().setAvailable(3)     // edits a copy, which reject, fail or a throw discards
//
// Between turns it holds only the encoded bytes: a reader exists only in a turn that reads, a
// builder only in a turn that edits. In a unit test without an engine, edits stay.
//
// Members of the struct that are neither a state nor a table are caches: they are not stored, and a run
// of an operation that is discarded and repeated may have changed them.

#pragma once

#include <memory>
#include <utility>

#include "actors/actor/actor_members.hpp"
#include "actors/codec.hpp"
#include "actors/value.hpp"

namespace reprise {

namespace internal {
// Encodes the edited message compactly. A builder never frees memory, so a struct with pointers is
// copied into a fresh message first.
template <class T>
payload compacted(capnp::MessageBuilder& edited) {
  static const bool flat = capnp::Schema::from<T>().getProto().getStruct().getPointerCount() == 0;
  if (flat) return flatten(edited);
  auto root = edited.getRoot<T>().asReader();
  capnp::MallocMessageBuilder fresh(static_cast<unsigned>(root.totalSize().wordCount + 8));
  fresh.setRoot(root);
  return flatten(fresh);
}
}  // namespace internal

// The state of a plain type. A member of the actor's struct, which has at most one; not copyable.
template <class T>
class state final : private internal::state_member {
  static_assert(internal::require_payload<T>());

 public:
  state() = default;
  state(const state&) = delete;
  state& operator=(const state&) = delete;

  // The current value, including this turn's edits. A new actor has T{}.
  const T& operator*() const { return current_; }
  const T* operator->() const { return &current_; }
  // Returns the value to change, and marks it to be written at the end of the turn. A compile error
  // in a const member function.
  T& edit() {
    edited_ = true;
    return current_;
  }
  template <class Never = void>
  T& edit() const {
    internal::refuse_edit<Never>();
  }

 private:
  const payload_type& type() const noexcept override { return type_of<T>(); }
  void load(payload bytes) override {
    edited_ = false;
    if (bytes.empty()) {
      current_ = T{};
      return;
    }
    auto read = codec<T>::decode(bytes);
    if (!read) throw failed(read.error());
    current_ = *std::move(*read);
  }
  bool edited() const noexcept override { return edited_; }
  payload finish() override {
    edited_ = false;
    return codec<T>::encode(value<T>(current_));
  }
  void rest() noexcept override {}
  std::size_t footprint() const noexcept override { return sizeof(*this); }

  T current_{};
  bool edited_ = false;
};

// The state of a Cap'n Proto struct.
template <structure T>
class state<T> final : private internal::state_member {
 public:
  using reader = typename T::Reader;
  using builder = typename T::Builder;

  state() = default;
  state(const state&) = delete;
  state& operator=(const state&) = delete;

  // A reader for one expression. An edit elsewhere in the expression does not invalidate it.
  class view {
   public:
    explicit view(reader r) : reader_(r) {}
    const reader* operator->() const { return &reader_; }

   private:
    reader reader_;
  };

  // Reads the current state, including this turn's edits so far. The reader is valid until the end of
  // the turn. A new actor has all defaults.
  reader operator*() const {
    if (edit_) return (*edit_)->template getRoot<T>().asReader();
    if (!seen_) seen_ = std::make_unique<const internal::glimpse<T>>(committed_);
    return **seen_;
  }
  view operator->() const { return view(**this); }

  // Returns a builder of a copy, which is written at the end of the turn. Valid during the turn.
  builder edit() {
    if (!edit_) {
      const internal::glimpse<T> now(committed_);
      edit_ = std::make_unique<internal::small_builder>((*now).totalSize().wordCount + 16);
      (*edit_)->setRoot(*now);
    }
    return (*edit_)->template getRoot<T>();
  }
  template <class Never = void>
  builder edit() const {
    internal::refuse_edit<Never>();
  }

 private:
  const payload_type& type() const noexcept override { return type_of<T>(); }
  void load(payload bytes) override {
    if (!internal::is_message(bytes)) throw failed(internal::does_not_fit(type_of<T>()));
    committed_ = std::move(bytes);
    rest();
  }
  bool edited() const noexcept override { return edit_ != nullptr; }
  payload finish() override {
    committed_ = internal::compacted<T>(**edit_);
    rest();
    return committed_;
  }
  void rest() noexcept override {
    edit_.reset();
    seen_.reset();
  }
  std::size_t footprint() const noexcept override { return sizeof(*this) + committed_.size(); }

  payload committed_;
  mutable std::unique_ptr<const internal::glimpse<T>> seen_;  // reads committed_
  std::unique_ptr<internal::small_builder> edit_;
};

}  // namespace reprise
