# What CPack puts into the Debian package (`./dev package`): what `cmake --install` installs, and the service
# (packaging/README.md).

set(service COMPONENT service EXCLUDE_FROM_ALL)  # for the package only
set(packaging ${PROJECT_SOURCE_DIR}/packaging)
install(FILES ${packaging}/reprise.service DESTINATION lib/systemd/system ${service})
install(FILES ${packaging}/reprise.toml DESTINATION /etc/reprise ${service})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/reprise RENAME copyright ${service})
file(WRITE ${PROJECT_BINARY_DIR}/packaging/conffiles "/etc/reprise/reprise.toml\n")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME reprise)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The developers of Reprise <reprise@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "durable actors and orchestrations in plain C++")
set(CPACK_PACKAGE_DESCRIPTION "State that has an address and survives, and coroutines whose every step is on disk
before the next one starts: one program, one data folder, an HTTP API. The
program serves applications that are shared libraries; headers and libraries
to write them are here too.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_CMAKE_PROJECTS
  "${PROJECT_BINARY_DIR};reprise;ALL;/;${PROJECT_BINARY_DIR};reprise;service;/")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${packaging}/postinst;${packaging}/prerm;${packaging}/postrm"
  "${PROJECT_BINARY_DIR}/packaging/conffiles")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# What builds an application: the packages that build Reprise.
file(STRINGS ${PROJECT_SOURCE_DIR}/packages.txt rows REGEX "^build ")
list(TRANSFORM rows REPLACE "^build +([^ ]+).*" "\\1")
list(TRANSFORM rows REPLACE "\\|" " | ")
list(JOIN rows ", " CPACK_DEBIAN_PACKAGE_SUGGESTS)
include(CPack)
