// /v1: Reprise's own surface. Answers are JSON objects; failures are problem details whose code is a
// stable word; a parameter that is wrong is refused by name.
//
// Which routes there are: route_table.cpp.

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/v1/native_route.hpp"

namespace reprise::gateway {

// Finds the route in the table, checks keys and names of parameters, and serves it.
void serve_native(const shared_request&);

// 204, or the problem.
std::function<void(result<>)> no_content(const shared_request&);
// {"NAME":[ENTRIES],"next":CURSOR}, null at the end.
http_response list_answer(std::string_view name, std::string_view entries, std::string_view cursor);
// {"code":...,"text":...,"retryable":...}: a failure as a part of something.
void append_failure(std::string& out, const failure&);
http_response no_route();
// By which methods this path is served, "GET, DELETE"; "" when nothing is served there.
std::string native_methods(const std::vector<std::string>& path);

}  // namespace reprise::gateway
