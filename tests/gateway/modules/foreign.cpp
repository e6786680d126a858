// A module that says of itself that it was built for something else.

extern "C" const char* reprise_module_abi() { return "reprise 0.0.1"; }
extern "C" void reprise_module_bind(void*) { __builtin_trap(); }  // never called
