reprise::task<> body(bool fast) { co_await (fast ? a() : b(1, c(2))); }
