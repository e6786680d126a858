// Reads a range of the store page by page, for whoever looks through more than is ever in memory.
//
// A store may answer a load at once, on the caller's stack. Asking for the next page from there would nest
// one call in the other, each with its page: a history of a million records would be a thousand deep and
// in memory twice. Here an answer that comes at once is left to the loop that asked, so a page is gone
// before the next is asked for, and the stack is that of one.

#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "persistence/store.hpp"
#include "runtime/exec/callback.hpp"
#include "runtime/reading/record_reader.hpp"

namespace reprise::runtime {

// Where what follows a page begins that says there is more: it has an entry.
std::string after(const persistence::load_answer& page);
// Moves the request on to what follows this page of it; false: it was the last.
bool next_page(persistence::load_request&, const persistence::load_answer&);

class page_reader : public std::enable_shared_from_this<page_reader> {
 public:
  using ask = std::function<void(persistence::load_request, callback<persistence::load_answer>)>;
  enum class then : bool { stop, go_on };
  // Uses one page, which may be an error; `asked` is what it answers. After the last page, and after an
  // error, nothing follows whatever it gives. Called by one thread at a time, from any.
  using use =
      std::function<then(const persistence::load_request& asked, persistence::load_answer&)>;

  static ask of(record_reader&);  // its loads

  // Kept alive by the load that is out.
  static void begin(ask, persistence::load_request first, use);

 private:
  page_reader(ask a, persistence::load_request r, use u)
      : ask_(std::move(a)), request_(std::move(r)), use_(std::move(u)) {}

  void go_on();
  bool wants_more();  // uses the page that came

  // Who comes second goes on: the one that asked, or the answer.
  enum class turn : std::uint8_t { asking, one_is_done };

  const ask ask_;
  persistence::load_request request_;
  const use use_;
  persistence::load_answer page_;
  std::atomic<turn> turn_{turn::asking};
};

}  // namespace reprise::runtime
