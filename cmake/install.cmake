# What `cmake --install` leaves: the library, its headers, its CMake package and its pkg-config file. The Lua parts and the
# data they read are installed by lua/. Nothing that is installed holds the prefix, so that a tree may be moved.
# SPDX-License-Identifier: GPL-3.0-or-later
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/corelevel)
file(RELATIVE_PATH CLV_PC_UP /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" CLV_PC_UP ${CLV_PC_UP})

set_target_properties(corelevel_shared PROPERTIES INSTALL_RPATH "$ORIGIN")
install(TARGETS corelevel_shared EXPORT corelevel LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY core/include/corelevel DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")

install(EXPORT corelevel FILE corelevel-targets.cmake NAMESPACE corelevel:: DESTINATION ${package})
configure_file(cmake/corelevel-config.cmake.in corelevel-config.cmake @ONLY)
write_basic_package_version_file(corelevel-config-version.cmake COMPATIBILITY SameMinorVersion)
configure_file(cmake/corelevel.pc.in corelevel.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/corelevel-config.cmake ${PROJECT_BINARY_DIR}/corelevel-config-version.cmake
  DESTINATION ${package})
install(FILES ${PROJECT_BINARY_DIR}/corelevel.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
