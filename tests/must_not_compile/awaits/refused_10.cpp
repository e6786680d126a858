reprise::task<> body() { auto both = co_await reprise::all(std::vector{a("x"), b("y")}); }
