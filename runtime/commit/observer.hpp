// What a node tells the program around it: lines of its log, and spans of its work.
//
// Threads: any.

#pragma once

#include <string_view>
#include <utility>

#include "runtime/log_sink.hpp"
#include "runtime/span.hpp"

namespace reprise::runtime {

class observer {
 public:
  // Borrows both; either may be empty.
  observer(const log_sink& log, const span_sink& spans) noexcept : log_(log), spans_(spans) {}

  // `instance`: the id of the one that it is about.
  void say(log_level level, std::string_view text, std::string_view instance = {}) const {
    if (log_) log_({level, text, instance});
  }
  void report(span s) const {
    if (spans_) spans_(std::move(s));
  }

 private:
  const log_sink& log_;
  const span_sink& spans_;
};

}  // namespace reprise::runtime
