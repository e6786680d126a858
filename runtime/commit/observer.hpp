// A node's reports to the program around it: log lines and spans.
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
  // Borrows both sinks; either may be empty.
  observer(const log_sink& log, const span_sink& spans) noexcept : log_(log), spans_(spans) {}

  // `instance`: id of the instance that the line is about.
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
