reprise::task<> body(bool fast) { co_await reprise::attempt(reprise::all(fast ? a() : b(), c())); }
