// Errors of this layer. `result<T>` holds a value or a `fault`: an error code with a text for
// people that names the file and the remedy.

#pragma once

#include <string>

#include <boost/system/result.hpp>

namespace reprise::persistence {

enum class errc {
  not_written = 1,  // disk or quota full: nothing of the group is in the log
  unknown,          // a write or flush failed: in the log or not is known after the next open
  corrupt,          // a checksum or a chain does not match
  foreign,          // not a Reprise data folder
  newer,            // written by a newer version
  locked,           // another process holds the folder
  network_fs,       // the folder is on a network filesystem
  full,             // the tables' map or disk is full
  failed,           // the store stopped after `unknown`
  io,               // opening or reading failed
};

struct fault {
  errc code = errc::io;
  std::string text;  // what happened, where (file), and what to do
};

template <class T>
using result = boost::system::result<T, fault>;

// Called by boost::system::result when a value is read from an error: a broken invariant.
[[noreturn]] void throw_exception_from_error(const fault&, const boost::source_location&);

}  // namespace reprise::persistence
