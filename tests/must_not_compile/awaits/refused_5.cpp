reprise::task<> body(bool fast) { co_await reprise::race(fast ? a("x ; y") : b(), sleep(1s)); }
