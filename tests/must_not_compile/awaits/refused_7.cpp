reprise::task<> body(bool fast) {
  co_await (fast ? shop::reserve("tea", [&](auto in) { in.setQuantity(1); })
                 : shop::release("tea", [&](auto in) { in.setQuantity(1); }));
}
