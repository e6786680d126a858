// What can go wrong with bytes. `result<T>` holds a value or an error code of this layer; the text
// that names the file and the remedy travels beside it in `fault` where a person will read it.

#pragma once

#include <string>

#include <boost/system/result.hpp>

namespace reprise::persistence {

enum class errc {
  not_written = 1,  // disk or quota full: nothing of the group is in the log
  unknown,          // a write or flush failed: in the log or not is known after the next open
  corrupt,          // a checksum or a chain does not fit
  foreign,          // not a data folder of ours
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

// boost::system::result asks this when a value is taken that is not there: a broken invariant.
[[noreturn]] void throw_exception_from_error(const fault&, const boost::source_location&);

}  // namespace reprise::persistence
