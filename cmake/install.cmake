# What `cmake --install` installs below a prefix, which may be moved afterwards:
#
#   include/reprise/   the headers that users include: <reprise/reprise.hpp> and the others of
#                      public_headers.cmake; what these include is in detail/
#   lib/               the static libraries
#   lib/cmake/reprise/ find_package(reprise): reprise::reprise to write actors and embed a node,
#                      reprise::gateway for a whole program, reprise::http (where libcurl is) for HTTP
#                      calls of orchestrations, reprise_check() for sources, reprise_module() for
#                      modules of `reprise serve --module`, reprise_schema() for .capnp files
#   lib/pkgconfig/     reprise, reprise-gateway and reprise-http
#   bin/reprise        the command line without an application
#   share/             its manual, and completions for bash, zsh and fish

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)
include(${CMAKE_CURRENT_LIST_DIR}/install_whole.cmake)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/reprise)

set_target_properties(reprise_embedding PROPERTIES EXPORT_NAME reprise)
set(installed reprise_options reprise_embedding)
foreach(folder persistence accel actors runtime gateway)
  if(TARGET reprise_${folder})
    set_target_properties(reprise_${folder} PROPERTIES EXPORT_NAME ${folder})
    list(APPEND installed reprise_${folder})
  endif()
endforeach()
set_target_properties(reprise_options PROPERTIES EXPORT_NAME options)
if(TARGET reprise_module)
  set_target_properties(reprise_module PROPERTIES EXPORT_NAME module)
  list(APPEND installed reprise_module)
endif()
set(built ${installed} reprise_http)
if(TARGET reprise)
  list(APPEND built reprise)
endif()
list(FILTER built EXCLUDE REGEX "^reprise_(options|embedding|module)$")
reprise_install_whole(${built})
install(TARGETS ${installed} EXPORT reprise-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT reprise-targets NAMESPACE reprise:: DESTINATION ${package})
# Exported separately: programs without HTTP calls need no libcurl.
set_target_properties(reprise_http PROPERTIES EXPORT_NAME http)
install(TARGETS reprise_http EXPORT reprise-http-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT reprise-http-targets NAMESPACE reprise:: DESTINATION ${package})
if(TARGET reprise)
  install(TARGETS reprise RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(CODE "set(program [[$<TARGET_FILE:reprise>]])
set(written [[${PROJECT_BINARY_DIR}/installed_pages]])
set(man [[${CMAKE_INSTALL_MANDIR}/man1]])
set(share [[${CMAKE_INSTALL_DATADIR}]])")
  install(SCRIPT ${CMAKE_CURRENT_LIST_DIR}/install_pages.cmake)
endif()

# Finds the headers behind the public ones in the sources at install time, so that there is no list to maintain.
install(CODE "set(source [[${PROJECT_SOURCE_DIR}]])
set(generated [[${PROJECT_BINARY_DIR}/generated]])
set(staging [[${PROJECT_BINARY_DIR}/installed_headers]])
set(destination [[${CMAKE_INSTALL_INCLUDEDIR}/reprise]])
set(rows [[${reprise_public_headers}]])")
install(SCRIPT ${CMAKE_CURRENT_LIST_DIR}/install_headers.cmake)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/reprise-config.cmake.in
  ${PROJECT_BINARY_DIR}/reprise-config.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/reprise-config-version.cmake
  COMPATIBILITY SameMinorVersion)
set(finders FindCapnProto FindLMDB FindPrometheus FindXxhash)
if(REPRISE_CAF)
  list(APPEND finders FindCAF)
endif()
list(TRANSFORM finders REPLACE "(.+)" "${CMAKE_CURRENT_LIST_DIR}/\\1.cmake")
install(FILES ${PROJECT_BINARY_DIR}/reprise-config.cmake
  ${PROJECT_BINARY_DIR}/reprise-config-version.cmake
  ${CMAKE_CURRENT_LIST_DIR}/check.cmake ${CMAKE_CURRENT_LIST_DIR}/check_awaits.cmake
  ${CMAKE_CURRENT_LIST_DIR}/module.cmake ${CMAKE_CURRENT_LIST_DIR}/schema.cmake ${finders} DESTINATION ${package})

# The prefix is relative to the .pc file.
file(RELATIVE_PATH up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" up "${up}")
set(scheduler "")
if(REPRISE_CAF)
  set(scheduler "-lcaf_core ")
endif()
foreach(name reprise reprise-gateway reprise-http)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/${name}.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
