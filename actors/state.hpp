// `state<T>`: the durable state of an actor, whole, written when a turn edited it and was done.
//
//   reprise::state<Stock> stock;
//   stock->getAvailable()            // reads what is there now, this turn's edits included
//   stock.edit().setAvailable(3)     // works on a copy, which reject, fail or a throw drops
//
// Between turns it holds the bytes; a builder exists only inside a turn that edits. In a plain unit
// test, without an engine, edits stay.

#pragma once

#include <memory>
#include <utility>

#include "actors/codec.hpp"
#include "actors/internal/actor_members.hpp"
#include "actors/value.hpp"

namespace reprise {

namespace internal {
// The edited message as compact bytes: a builder never gives memory back, so what has pointers is
// copied into a fresh one first.
template <class T>
payload compacted(capnp::MessageBuilder& edited) {
  auto root = edited.getRoot<T>().asReader();
  if (capnp::Schema::from<T>().getProto().getStruct().getPointerCount() == 0)
    return flatten(edited);
  capnp::MallocMessageBuilder fresh(static_cast<unsigned>(root.totalSize().wordCount + 8));
  fresh.setRoot(root);
  return flatten(fresh);
}
}  // namespace internal

template <payload_value T>
class state final : private internal::state_member {
 public:
  state() = default;
  state(const state&) = delete;
  state& operator=(const state&) = delete;

  const T& operator*() const { return current_; }
  const T* operator->() const { return &current_; }
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
  std::size_t footprint() const noexcept override { return sizeof(*this); }

  T current_{};
  bool edited_ = false;
};

template <structure T>
class state<T> final : private internal::state_member {
 public:
  using reader = typename T::Reader;
  using builder = typename T::Builder;

  state() = default;
  state(const state&) = delete;
  state& operator=(const state&) = delete;

  // A reader for one expression; an edit in between does not move it.
  class view {
   public:
    explicit view(reader r) : reader_(r) {}
    const reader* operator->() const { return &reader_; }

   private:
    reader reader_;
  };

  reader operator*() const { return edit_ ? edit_->template getRoot<T>().asReader() : *committed_; }
  view operator->() const { return view(**this); }

  builder edit() {
    if (!edit_) {
      auto now = *committed_;
      edit_ = std::make_unique<capnp::MallocMessageBuilder>(
          static_cast<unsigned>(now.totalSize().wordCount + 16));
      edit_->setRoot(now);
    }
    return edit_->template getRoot<T>();
  }
  template <class Never = void>
  builder edit() const {
    internal::refuse_edit<Never>();
  }

 private:
  const payload_type& type() const noexcept override { return type_of<T>(); }
  void load(payload bytes) override {
    edit_.reset();
    if (bytes == committed_.bytes()) return;
    auto read = codec<T>::decode(bytes);
    if (!read) throw failed(read.error());
    committed_ = *std::move(read);
  }
  bool edited() const noexcept override { return edit_ != nullptr; }
  payload finish() override {
    auto bytes = internal::compacted<T>(*edit_);
    committed_ = value<T>(bytes);
    edit_.reset();
    return bytes;
  }
  std::size_t footprint() const noexcept override {
    return sizeof(*this) + committed_.bytes().size() + 512;  // a reader's own arena
  }

  value<T> committed_;
  std::unique_ptr<capnp::MallocMessageBuilder> edit_;
};

}  // namespace reprise
