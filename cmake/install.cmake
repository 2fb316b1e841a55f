# What `cmake --install` leaves: the library, its headers and its CMake package. The Lua parts are installed by lua/.
install(TARGETS corelevel_shared EXPORT corelevel LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY core/include/corelevel DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
