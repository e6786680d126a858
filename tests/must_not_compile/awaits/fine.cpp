// Nothing here has arms that are destroyed twice.

reprise::task<> body(bool fast, reprise::value<Order> order) {
  co_await sleep(fast ? 1s : 24h);
  co_await reprise::attempt(charge(order->getTotal() > limit ? seconds(1) : hours(2)));
  auto next = fast ? a() : b();  // co_await (fast ? a() : b())
  co_await next;
  co_await (fast ? one : other);
  const auto* text = (co_await asked()) ? yes() : no();
  auto won = co_await reprise::race(verdict(), reprise::sleep(24h)) ? early() : late();
  co_await reprise::log("co_await (fast ? a() : b())");
  co_await shop::reserve("tea", [&](auto ask) { ask.setQuantity(fast ? one() : two()); });
  if (fast) co_return x ? y() : z();
  std::vector calls{a(), b()};
  co_await reprise::all(std::move(calls));
  co_await shop::reserve("tea", [&](auto ask) { ask.setAll(std::vector{1, 2}); });
  co_await all(std::vector<start_call<int>>{});
}
