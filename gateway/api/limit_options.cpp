#include "gateway/api/limit_options.hpp"

namespace reprise::gateway {

namespace {

constexpr count_limit counts[] = {
    {"--max-head", &limits::head, "Bytes of a request line and its fields (431)"},
    {"--max-fields", &limits::fields, "Fields of a request (431)"},
    {"--max-url", &limits::target, "Bytes of a URL (414)"},
    {"--max-body", &limits::body, "Bytes of a body (413)"},
    {"--max-json-depth", &limits::json_depth, "Levels of JSON in a body (400)", 1, max_json_depth},
    {"--max-connections", &limits::connections, "Connections at a time (503)"},
    {"--max-connections-per-address", &limits::connections_per_address,
     "Connections of one address that is not of this machine (503)"},
    {"--max-in-flight", &limits::in_flight, "Requests without an answer (503)"},
    {"--max-rate", &limits::rate, "Requests of one key in a second (429); 0: any number", 0},
};

constexpr deadline_limit deadlines[] = {
    {"--handshake-seconds", &limits::handshake_deadline, "Time for a handshake of TLS"},
    {"--head-seconds", &limits::head_deadline, "Time for a request line and its fields (408)"},
    {"--body-seconds", &limits::body_deadline, "Time for a body (408)"},
    {"--write-seconds", &limits::write_deadline, "Time for a client to take an answer"},
    {"--idle-seconds", &limits::idle_deadline, "Time between two requests of a connection"},
    {"--wait-seconds", &limits::wait, "Longest wait that a request may ask for"},
};

}  // namespace

std::span<const count_limit> count_limits() { return counts; }
std::span<const deadline_limit> deadline_limits() { return deadlines; }

}  // namespace reprise::gateway
