#include "persistence/errc.hpp"

#include <cstdio>
#include <cstdlib>

namespace reprise::persistence {

void throw_exception_from_error(const fault& f, const boost::source_location& at) {
  std::fprintf(stderr, "%s:%u: a value was taken of a result that is a fault: %s\n", at.file_name(),
               static_cast<unsigned>(at.line()), f.text.c_str());
  std::abort();
}

}  // namespace reprise::persistence
