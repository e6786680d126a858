#include "runtime/reading/page_reader.hpp"

#include <utility>

namespace reprise::runtime {

std::string after(const persistence::load_answer& page) { return page.entries.back().first + '\0'; }

bool next_page(persistence::load_request& of, const persistence::load_answer& page) {
  if (page.error || !page.more) return false;
  of.first = after(page);
  return true;
}

page_reader::ask page_reader::of(record_reader& reader) {
  return [&reader](persistence::load_request page, callback<persistence::load_answer> done) {
    reader.load(std::move(page), std::move(done));
  };
}

void page_reader::begin(ask a, persistence::load_request first, use u) {
  std::shared_ptr<page_reader>(new page_reader(std::move(a), std::move(first), std::move(u)))
      ->go_on();
}

void page_reader::go_on() {
  do {
    turn_ = turn::asking;
    ask_(request_, [self = shared_from_this()](persistence::load_answer a) {
      self->page_ = std::move(a);
      if (self->turn_.exchange(turn::one_is_done) == turn::asking) return;
      if (self->wants_more()) self->go_on();
    });
    if (turn_.exchange(turn::one_is_done) == turn::asking) return;
  } while (wants_more());
}

bool page_reader::wants_more() {
  auto page = std::exchange(page_, {});
  return use_(request_, page) == then::go_on && next_page(request_, page);
}

}  // namespace reprise::runtime
