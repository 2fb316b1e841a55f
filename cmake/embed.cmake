# Compiles a file into a room as an array of bytes, clv_embedded_<tag>, made anew whenever the file changes.
# SPDX-License-Identifier: GPL-3.0-or-later
function(clv_embed room tag path)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
  file(READ ${path} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
  set(made ${PROJECT_BINARY_DIR}/generated/embedded_${tag}.c)
  file(GENERATE OUTPUT ${made} CONTENT
"/* A file compiled in; made by cmake/embed.cmake. */
#include \"store/embedded.h\"

const unsigned char clv_embedded_${tag}[] = {
${bytes}
};
const size_t clv_embedded_${tag}_size = sizeof clv_embedded_${tag};
")
  target_sources(room_${room} PRIVATE ${made})
endfunction()
