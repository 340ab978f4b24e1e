# Run by cpack before it makes a package.

# Without the one CPack stops with a word of its own, without the other it makes a package that depends
# on nothing.
foreach(program file dpkg-shlibdeps)
  find_program(found_${program} ${program})
  if(NOT found_${program})
    message(FATAL_ERROR "there is no ${program}: apt-get install file dpkg-dev")
  endif()
endforeach()

# The package's date is that of the changelog's newest entry, unless one is set already: the same source
# gives the same package.
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/changelog trailers REGEX "^ -- ")
  list(GET trailers 0 newest)
  string(REGEX REPLACE ".*>  " "" date "${newest}")
  execute_process(COMMAND date -d ${date} +%s OUTPUT_VARIABLE seconds OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "the changelog's newest entry has no date: ${newest}")
  endif()
  set(ENV{SOURCE_DATE_EPOCH} ${seconds})
endif()
