# corelevel-reader: the small program that reads untrusted files; in the build folder it lies where it is installed.
# SPDX-License-Identifier: GPL-3.0-or-later
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/store/reader/*.c)
add_executable(corelevel-reader ${sources} ${PROJECT_SOURCE_DIR}/core/base/json_find.c)
target_include_directories(corelevel-reader PRIVATE ${PROJECT_SOURCE_DIR}/core ${PROJECT_SOURCE_DIR}/core/include)
target_link_libraries(corelevel-reader PRIVATE clv_flags foreign_netcdf foreign_hdf5)
set_target_properties(corelevel-reader PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/libexec/corelevel)
install(TARGETS corelevel-reader RUNTIME DESTINATION libexec/corelevel)
