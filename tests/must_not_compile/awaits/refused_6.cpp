reprise::task<> body(bool fast) {
  auto p = co_await reprise::begin((fast ? a() : b()).with({.attempts = 2}));
}
