reprise::task<> body(bool fast) {
  if (co_await (near(x) ? a() : named)) co_return;
}
