// refused: this call may be of an activity, which is not told

#include "tests/actors/shop.hpp"

reprise::task<> body(reprise::call<shop::Grant> any) { co_await reprise::tell(any); }
