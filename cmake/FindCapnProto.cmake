# Cap'n Proto 0.9 and later; the CMake files of Debian 12's package are not reliable.
# Defines CapnProto::capnp and CAPNP_EXECUTABLE.
find_path(CAPNP_INCLUDE_DIR capnp/message.h)
find_library(CAPNP_LIBRARY capnp)
find_library(KJ_LIBRARY kj)
find_program(CAPNP_EXECUTABLE capnp)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CapnProto
  REQUIRED_VARS CAPNP_LIBRARY KJ_LIBRARY CAPNP_INCLUDE_DIR CAPNP_EXECUTABLE
  REASON_FAILURE_MESSAGE "install libcapnp-dev and capnproto, or run ./dev which does")
if(CapnProto_FOUND AND NOT TARGET CapnProto::capnp)
  add_library(CapnProto::capnp UNKNOWN IMPORTED)
  set_target_properties(CapnProto::capnp PROPERTIES IMPORTED_LOCATION ${CAPNP_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${CAPNP_INCLUDE_DIR} INTERFACE_LINK_LIBRARIES ${KJ_LIBRARY})
endif()
