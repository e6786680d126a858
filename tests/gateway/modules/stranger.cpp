// A shared library that is no module.

extern "C" int stranger() { return 1; }
