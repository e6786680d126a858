// refused: a_task_without_a_type_answers_nothing

#include "tests/actors/shop.hpp"

reprise::task<> body() { co_return 5; }
