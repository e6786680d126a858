reprise::task<> body(bool fast) { auto both = co_await all(a(), fast ? b() : c()); }
