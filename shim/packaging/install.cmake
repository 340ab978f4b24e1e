# What `cmake --install` puts where. All of it can be moved together, or staged with DESTDIR.

if(TARGET seqshim)
  install(TARGETS seqshim RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
# No versions: these are preloaded by name, and nothing links with them.
foreach(object seqshim_preload seqshim_profile)
  if(TARGET ${object})
    install(TARGETS ${object} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  endif()
endforeach()

install(TARGETS seqcache EXPORT seqshim ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/seqshim DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.h)

# find_package(seqshim) gives the target seqshim::seqcache.
set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/seqshim)
include(CMakePackageConfigHelpers)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/seqshim-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(EXPORT seqshim NAMESPACE seqshim:: FILE seqshim-config.cmake DESTINATION ${config_dir})
install(FILES ${PROJECT_BINARY_DIR}/seqshim-config-version.cmake DESTINATION ${config_dir})

set(pkgconfig_dir ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH prefix_from_pc ${pkgconfig_dir} ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" prefix_from_pc ${prefix_from_pc})
file(RELATIVE_PATH libdir_from_prefix ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH includedir_from_prefix ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(${CMAKE_CURRENT_LIST_DIR}/seqcache.pc.in seqcache.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/seqcache.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# install_papers(PATTERN DESTINATION [RENAME NAME]): those that there are.
function(install_papers pattern)
  file(GLOB papers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/shim/cli/papers/${pattern})
  if(papers)
    install(FILES ${papers} DESTINATION ${ARGN})
  endif()
endfunction()
foreach(section 1 3 7)
  install_papers(*.${section} ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
install_papers(seqshim.bash ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME seqshim)
install_papers(_seqshim ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install_papers(seqshim.fish ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR} PATTERN quickstart.sh EXCLUDE)
