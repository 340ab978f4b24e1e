# `cpack` makes a .deb of what is installed, and of what Debian wants besides.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME seqshim)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)

set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "write files past the page cache, from unmodified programs")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "\
seqshim is preloaded into programs that write large files in small pieces:
backups, dumps, old batch jobs. It gathers what they write to the files
that you name, and writes it with O_DIRECT in large aligned pieces. The
programs notice nothing, the disk is used at its speed, and the page cache
is left to others.
.
The package has the command seqshim, the library for LD_PRELOAD, and the
cache alone as a static library with a C and a C++ interface.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "The seqshim authors <authors@seqshim.invalid>")
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS gnuplot-nox)  # with half a desktop behind it
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# Because postinst and postrm are named here, CPack doesn't write its own, which would call ldconfig as
# the trigger does. (They aren't there, which it warns of.)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${CMAKE_CURRENT_LIST_DIR}/triggers ${CMAKE_CURRENT_LIST_DIR}/postinst ${CMAKE_CURRENT_LIST_DIR}/postrm)

# The rest is not for a plain `cmake --install`: a component that only cpack asks for.
install(FILES ${CMAKE_CURRENT_LIST_DIR}/copyright ${CMAKE_CURRENT_LIST_DIR}/changelog
  DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT debian EXCLUDE_FROM_ALL)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/lintian-overrides RENAME seqshim
  DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides COMPONENT debian EXCLUDE_FROM_ALL)
install(CODE "
    set(root \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}\")
    set(programs \"\${root}/${CMAKE_INSTALL_BINDIR}\")
    set(libraries \"\${root}/${CMAKE_INSTALL_LIBDIR}\")
    set(data \"\${root}/${CMAKE_INSTALL_DATADIR}\")
    set(manuals \"\${root}/${CMAKE_INSTALL_MANDIR}\")
    set(documents \"\${root}/${CMAKE_INSTALL_DOCDIR}\")
    set(strip \"${CMAKE_STRIP}\")"
  COMPONENT debian EXCLUDE_FROM_ALL)
install(SCRIPT ${CMAKE_CURRENT_LIST_DIR}/finish.cmake COMPONENT debian EXCLUDE_FROM_ALL)
set(project_entry "${PROJECT_BINARY_DIR};${PROJECT_NAME}")
set(CPACK_INSTALL_CMAKE_PROJECTS "${project_entry};ALL;/;${project_entry};debian;/")

set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/prepare.cmake)

include(CPack)
