# Makes what is installed below ${root} what Debian's policy asks for; see package.cmake.

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "failed: ${ARGN}")
  endif()
endfunction()

file(REMOVE ${documents}/LICENSE)  # stands in copyright

# Where packages put them; site-functions are the machine's own.
if(EXISTS ${data}/zsh/site-functions)
  file(RENAME ${data}/zsh/site-functions ${data}/zsh/vendor-completions)
endif()

set(needless --remove-section=.comment --remove-section=.note)
file(GLOB shared_objects ${libraries}/libseqshim*.so)
run(${strip} ${needless} ${programs}/seqshim)
run(${strip} ${needless} --strip-unneeded ${shared_objects})
run(${strip} ${needless} --strip-debug --enable-deterministic-archives ${libraries}/libseqcache.a)

file(GLOB manual_pages ${manuals}/man*/*)
run(gzip -9n ${documents}/changelog ${manual_pages})

run(find ${root} -type d -exec chmod 755 {} +)  # whatever the umask
