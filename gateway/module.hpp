// An application as a shared library, loaded by `reprise serve --module libshop.so`: no program has
// to be written or linked.
//
//   #include <reprise/module.hpp>
//
//   void bind(reprise::application& app) { app.bind(...); }
//   REPRISE_MODULE(bind)
//
// In CMake: reprise_module(shop shop.cpp). A module does not link Reprise: it uses the copy in the
// program that loads it. Both must therefore be built with the same versions of Reprise, Cap'n Proto
// and the compiler. A module states its versions in reprise_module_abi; a mismatch is refused.
// Modules are never unloaded.

#pragma once

#include <capnp/common.h>

#include "actors/reprise.hpp"

#define REPRISE_TEXT_OF(x) #x
#define REPRISE_TEXT(x) REPRISE_TEXT_OF(x)
#define REPRISE_MODULE_ABI                                       \
  "reprise " REPRISE_VERSION ", compiler " __VERSION__           \
  ", capnp " REPRISE_TEXT(CAPNP_VERSION_MAJOR) "." REPRISE_TEXT( \
      CAPNP_VERSION_MINOR) "." REPRISE_TEXT(CAPNP_VERSION_MICRO) ", string abi " REPRISE_TEXT(_GLIBCXX_USE_CXX11_ABI)

// Defines the entry points of a module. `bind` is a void(reprise::application&); if it throws, the
// module is refused.
#define REPRISE_MODULE(bind)                                                 \
  extern "C" const char* reprise_module_abi() { return REPRISE_MODULE_ABI; } \
  extern "C" void reprise_module_bind(reprise::application& application) { bind(application); }
