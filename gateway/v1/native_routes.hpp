// /v1, Reprise's own API. Responses are JSON objects; failures are problem details with a stable code;
// a wrong parameter is refused by name.
//
// route_table.cpp lists the routes.

#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/api/route.hpp"

namespace reprise::gateway {

std::span<const route> native_rows();

// Finds the route in the table, checks keys and parameter names, and calls its handler.
void serve_native(const shared_request&);

// Returns a callback that answers 204, or the problem.
std::function<void(result<>)> no_content(const shared_request&);
// Returns {"NAME":[ENTRIES],"next":CURSOR}; an empty cursor, the end of the list, is null.
http_response list_answer(std::string_view name, std::string_view entries, std::string_view cursor);
// Appends a failure as a JSON object: {"code":...,"text":...,"retryable":...}.
void append_failure(std::string& out, const failure&);
// Returns the methods of a path, "GET, DELETE"; "" if no route has this path.
std::string native_methods(const std::vector<std::string>& path);

}  // namespace reprise::gateway
