# Only the core of prometheus-cpp: its own CMake package also requires CivetWeb and curl, to serve and push.
# Defines Prometheus::core.
find_path(PROMETHEUS_INCLUDE_DIR prometheus/text_serializer.h)
find_library(PROMETHEUS_CORE_LIBRARY prometheus-cpp-core)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Prometheus REQUIRED_VARS PROMETHEUS_CORE_LIBRARY PROMETHEUS_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "install prometheus-cpp-dev, or run ./dev which does")
if(Prometheus_FOUND AND NOT TARGET Prometheus::core)
  add_library(Prometheus::core UNKNOWN IMPORTED)
  set_target_properties(Prometheus::core PROPERTIES IMPORTED_LOCATION ${PROMETHEUS_CORE_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${PROMETHEUS_INCLUDE_DIR})
endif()
