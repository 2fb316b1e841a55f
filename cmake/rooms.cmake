# How rooms, plugins and the one library are made: a room sees the public headers, its own folder and the rooms it
# stands on (as "room/header.h", through links made in the build folder), and nothing else.
# SPDX-License-Identifier: GPL-3.0-or-later

add_library(clv_flags INTERFACE)
target_compile_options(clv_flags INTERFACE -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
  -Wpointer-arith -Wvla -Wformat=2 -Wno-format-truncation -ffp-contract=off -fno-math-errno -fno-trapping-math)
target_compile_definitions(clv_flags INTERFACE _GNU_SOURCE)
target_link_libraries(clv_flags INTERFACE m)
set_property(GLOBAL PROPERTY clv_rooms "")

function(clv_room name)
  cmake_parse_arguments(room "" "" "ON;FACES;SEES;FOREIGN" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/${name}/*.c)
  set(floor ${PROJECT_BINARY_DIR}/floors/${name})
  file(MAKE_DIRECTORY ${floor})
  foreach(below ${name} ${room_ON})
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/core/${below} ${floor}/${below} SYMBOLIC)
  endforeach()
  if(NOT sources)
    return()
  endif()
  add_library(room_${name} OBJECT ${sources})
  target_include_directories(room_${name} PRIVATE ${PROJECT_SOURCE_DIR}/core/include ${floor})
  target_link_libraries(room_${name} PRIVATE clv_flags)
  foreach(library ${room_FOREIGN})
    target_link_libraries(room_${name} PRIVATE foreign_${library})
    set_property(GLOBAL APPEND PROPERTY clv_foreign foreign_${library})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY clv_rooms room_${name})
endfunction()

# One plugin is one source file (or one folder file among several): the same source is built in here, or loaded with dlopen.
function(clv_plugins)
  set(names core) # core/apply/operations.c
  foreach(family ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/plugins/${family}/*.c)
    foreach(source ${sources})
      get_filename_component(stem ${source} NAME_WE)
      file(STRINGS ${source} entry REGEX "^CLV_PLUGIN\\(")
      if(entry)
        string(REGEX REPLACE "^CLV_PLUGIN\\(([a-z0-9_]+)\\).*" "\\1" tag "${entry}")
        list(APPEND names ${tag})
      endif()
    endforeach()
    if(sources)
      add_library(plugins_${family} OBJECT ${sources})
      target_include_directories(plugins_${family} PRIVATE ${PROJECT_SOURCE_DIR}/core/include)
      target_compile_definitions(plugins_${family} PRIVATE CLV_BUILT_IN)
      target_link_libraries(plugins_${family} PRIVATE clv_flags)
      if(family STREQUAL formats)
        target_link_libraries(plugins_${family} PRIVATE foreign_libxml2)
      endif()
      set_property(GLOBAL APPEND PROPERTY clv_rooms plugins_${family})
    endif()
  endforeach()
  set(declared "")
  set(listed "")
  foreach(tag ${names})
    string(APPEND declared "extern const clv_plugin clv_plugin_${tag};\n")
    string(APPEND listed "    &clv_plugin_${tag},\n")
  endforeach()
  file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/generated/builtin.c CONTENT
"/* The plugins that were compiled in; made by cmake/rooms.cmake. */
#include <corelevel/plugin.h>

${declared}
extern const clv_plugin *const clv_plugin_built_in[];
const clv_plugin *const clv_plugin_built_in[] = {
${listed}    NULL,
};
")
endfunction()

# The one shared library, and a static one of the same objects for the unit tests, which see hidden symbols too.
function(clv_library)
  get_property(rooms GLOBAL PROPERTY clv_rooms)
  get_property(foreign GLOBAL PROPERTY clv_foreign)
  list(REMOVE_DUPLICATES foreign)
  set(objects "")
  foreach(room ${rooms})
    list(APPEND objects $<TARGET_OBJECTS:${room}>)
  endforeach()
  set(generated "")
  if(EXISTS ${PROJECT_SOURCE_DIR}/core/include/corelevel/plugin.h)
    set(generated ${PROJECT_BINARY_DIR}/generated/builtin.c)
  endif()
  foreach(kind SHARED STATIC)
    string(TOLOWER ${kind} suffix)
    set(target corelevel_${suffix})
    add_library(${target} ${kind} ${objects} ${generated})
    target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/core/include>
      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    target_link_libraries(${target} PRIVATE clv_flags ${foreign})
  endforeach()
  set_target_properties(corelevel_shared PROPERTIES OUTPUT_NAME corelevel VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR} EXPORT_NAME corelevel)
  target_link_options(corelevel_shared PRIVATE -Wl,--no-undefined)
  clv_exports(corelevel_shared CORELEVEL_${PROJECT_VERSION_MAJOR} ${PROJECT_SOURCE_DIR}/core/include)
  add_library(corelevel::corelevel ALIAS corelevel_shared)
endfunction()
