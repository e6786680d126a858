reprise::task<> body(bool fast) { co_await reprise::attempt(fast ? a() : b()); }
