reprise::task<> body() { co_await count(std::vector<std::int64_t>{1, 2}); }
