// A user's struct without its C++ type: how it is made, and its operations as functions of bytes.

#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "actors/failure.hpp"
#include "actors/payload.hpp"

namespace reprise {
class turn;
}

namespace reprise::internal {

using operation_code = std::function<result<payload>(void* object, payload input, turn&)>;

// The struct of one actor type, shared by its objects. Complete before the first is made.
struct user_struct {
  std::shared_ptr<void> (*construct)() = nullptr;
  std::size_t size = 0;
  std::vector<operation_code> operations;  // by bound_operation::index
};

}  // namespace reprise::internal
