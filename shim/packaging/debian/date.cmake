# Run by cpack before it makes a package: dates it like the changelog's newest entry, unless a date is
# set already.
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
