#include "actors/history.hpp"

namespace reprise {

std::string describe(const history_event& e) {
  switch (e.kind) {
    case event_kind::started:
      return "start of " + e.name;
    case event_kind::answered:
      return "answer to step " + std::to_string(e.target);
    case event_kind::raised:
      return "raised event " + e.name;
    case event_kind::fed:
      return "feeding of event " + std::to_string(e.target);
    case event_kind::suspended:
      return "suspension";
    case event_kind::resumed:
      return "resumption";
    case event_kind::rewound:
      return "rewind";
    case event_kind::operation:
      return "operation " + e.name + "/" + e.key + " " + e.operation;
    case event_kind::activity:
      return "activity " + e.name;
    case event_kind::timer:
      return "timer";
    case event_kind::wait:
      return "event " + e.name;
    case event_kind::withdrawn:
      return "withdrawal of step " + std::to_string(e.target);
    case event_kind::tell:
      return "tell " + e.name + "/" + e.key + " " + e.operation;
    case event_kind::status:
      return "status";
    case event_kind::completed:
      return "completion";
    case event_kind::child:
      return "orchestration " + e.name + (e.key.empty() ? "" : " as " + e.key);
    case event_kind::continued:
      return "continue as new " + e.name;
    case event_kind::changed:
      return "change " + e.name;
    case event_kind::lock:
      return "lock " + e.name + "/" + e.key;
    case event_kind::unlock:
      return "release of lock " + std::to_string(e.target);
    case event_kind::launch:
      return "launch of " + e.name + (e.key.empty() ? "" : " as " + e.key);
    case event_kind::signal:
      return "signal " + e.name + " to " + e.key;
  }
  return "an unknown event";
}

}  // namespace reprise
