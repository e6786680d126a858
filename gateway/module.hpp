// An application as a shared library: `reprise serve --module libshop.so` loads it, so that no program
// has to be written or linked.
//
//   #include <gateway/module.hpp>
//
//   void bind(reprise::application& app) { app.bind(...); }
//   REPRISE_MODULE(bind)
//
// In CMake: reprise_module(shop shop.cpp). A module links no library of ours: what it calls is in the
// program that loads it, once. So both must be of one version of Reprise, Cap'n Proto and compiler;
// a module says which in reprise_module_abi, and any other is refused. Modules are never unloaded.

#pragma once

#include <capnp/common.h>

#include "actors/reprise.hpp"

#define REPRISE_TEXT_OF(x) #x
#define REPRISE_TEXT(x) REPRISE_TEXT_OF(x)
#define REPRISE_MODULE_ABI                                       \
  "reprise " REPRISE_VERSION ", compiler " __VERSION__           \
  ", capnp " REPRISE_TEXT(CAPNP_VERSION_MAJOR) "." REPRISE_TEXT( \
      CAPNP_VERSION_MINOR) "." REPRISE_TEXT(CAPNP_VERSION_MICRO) ", string abi " REPRISE_TEXT(_GLIBCXX_USE_CXX11_ABI)

// `bind` is a void(reprise::application&); what it throws refuses the module.
#define REPRISE_MODULE(bind)                                                 \
  extern "C" const char* reprise_module_abi() { return REPRISE_MODULE_ABI; } \
  extern "C" void reprise_module_bind(reprise::application& application) { bind(application); }
