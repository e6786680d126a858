// Reads a range of the store page by page, for ranges that must not be in memory as a whole.
//
// A store may answer a load at once, on the caller's stack. Requesting the next page from there would
// nest the calls, each with its page: for a history of a million records, a thousand calls deep and in
// memory twice. Here the loop that made the request handles such an answer, so each page is freed
// before the next is requested and the stack does not grow.

#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "persistence/store.hpp"
#include "runtime/exec/callback.hpp"
#include "runtime/reading/record_reader.hpp"

namespace reprise::runtime {

// Returns where the next page begins. Only for a page with `more` set, which has at least one entry.
std::string after(const persistence::load_answer& page);
// Moves the request to the page after this one; false if it was the last.
bool next_page(persistence::load_request&, const persistence::load_answer&);

class page_reader : public std::enable_shared_from_this<page_reader> {
 public:
  using ask = std::function<void(persistence::load_request, callback<persistence::load_answer>)>;
  enum class then : bool { stop, go_on };
  // Uses one page, which may be an error; `asked` is the request that it answers. Its result is ignored
  // after the last page and after an error. Called by one thread at a time, from any thread.
  using use =
      std::function<then(const persistence::load_request& asked, persistence::load_answer&)>;

  static ask of(record_reader&);  // reads through this reader

  // Starts reading. The outstanding load keeps the page_reader alive.
  static void begin(ask, persistence::load_request first, use);

 private:
  page_reader(ask a, persistence::load_request r, use u)
      : ask_(std::move(a)), request_(std::move(r)), use_(std::move(u)) {}

  void go_on();
  bool wants_more();  // uses the page that arrived

  // Whichever comes second continues: the requester's return, or the answer.
  enum class turn : std::uint8_t { asking, one_is_done };

  const ask ask_;
  persistence::load_request request_;
  const use use_;
  persistence::load_answer page_;
  std::atomic<turn> turn_{turn::asking};
};

}  // namespace reprise::runtime
