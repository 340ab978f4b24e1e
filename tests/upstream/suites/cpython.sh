# CPython's own tests, of the modules that touch files, descriptors, processes and signals.
# Debian's interpreter runs them; a unit is a module, or a module and one test of it.
# shellcheck shell=bash

CPYTHON_MODULES=(
  # Long ones first: several run at a time.
  test_multiprocessing_fork test_subprocess test_socket test_signal test_io test_logging
  test_threading test_eintr test_zipfile test_mailbox test_tarfile test_bz2 test_lzma test_gzip
  test_asyncio.test_subprocess test_fileio test_os test_posix test_file test_largefile test_shutil
  test_tempfile test_mmap test_fcntl test_dbm test_dbm_dumb test_dbm_gnu
  test_dbm_ndbm test_shelve test_pathlib test_fileinput test_pty test_openpty test_select
  test_selectors test_poll test_epoll test_fork1 test_wait3 test_wait4 test_popen test_cmd_line
  test_cmd_line_script test_bufio test_univnewlines test_codecs test_filecmp test_file_eintr
  test_posixpath test_glob test_genericpath test_ioctl test_pickle test_marshal test_array
  test_wave test_sunau test_aifc test_zipapp test_zipimport test_py_compile
  test_print test_builtin test_csv test_configparser test_plistlib test_netrc
  test_quopri test_uu test_ftplib test_httpservers test_socketserver test_threadsignals
  test_threadedtempfile test_contextlib test_faulthandler test_atexit test_resource test_stat
  test_pdb test_trace test_cprofile test_profile test_xml_etree test_minidom test_sax test_urllib
  test_doctest test_crypt test_asyncio.test_sendfile test_asyncio.test_unix_events
  test_unicode_file test_unicode_file_functions
)

# Virtual machines' sockets wait for a host that never answers.
CPYTHON_IGNORED='*VSOCK*'

# The interpreter, its library and its tests, all of one version, unpacked where nothing else is: it
# finds its library from where it lies. What they need of others is what an installed one needs.
prepare_cpython() {
  local dir=$CACHE/cpython package
  CPYTHON=$dir/usr/bin/python3.11
  CPYTHON_WORK=/var/tmp
  on_disk "$CPYTHON_WORK" || CPYTHON_WORK=$CACHE
  [ ! -x "$CPYTHON" ] || return 0
  install_packages python3.11
  rm -rf "$dir" "$dir.fetched"
  mkdir -p "$dir.fetched" "$dir.new"
  update_package_lists
  (cd "$dir.fetched" &&
    apt_source download python3.11-minimal libpython3.11-{minimal,stdlib,testsuite})
  for package in "$dir.fetched"/*.deb; do dpkg -x "$package" "$dir.new"; done
  mv "$dir.new" "$dir"
}

units_cpython() { printf '%s\n' "${CPYTHON_MODULES[@]}"; }

# A test's name is as unittest has it, without "test." in front, or the module's, as a whole. A unit
# that is part of a module is "module=test=test"; of too many tests it is the module.
units_of_cpython() {
  local module test whole part
  for module in "${CPYTHON_MODULES[@]}"; do
    whole=no part=()
    for test; do
      case $test in
        "$module (module)") whole=yes ;;
        "$module".*) part+=("$test") ;;
      esac
    done
    # Alone, the module's own result says that something else but its tests went wrong.
    if [ ${#part[@]} -gt 20 ] || { [ "$whole" = yes ] && [ ${#part[@]} = 0 ]; }; then
      printf '%s\n' "$module"
    elif [ ${#part[@]} -gt 0 ]; then
      printf '%s' "$module" "${part[@]/#/=}"
      echo
    fi
  done
}

run_cpython() {
  local out=$1
  shift
  export -f run_cpython_unit
  export CPYTHON CPYTHON_IGNORED CPYTHON_WORK here
  mkdir -p "$out/logs"
  # shellcheck disable=SC2016  # for the shell that is started
  printf '%s\0' "$@" | xargs -0 -P "$JOBS" -I UNIT \
    bash -c 'out=$1 unit=$2; shift 2; run_cpython_unit "$@"' run "$out" UNIT "${PRELOAD[@]}"
  cat "$out"/logs/*.results >>"$out/results"
}

# Of $unit, preloaded by the words given. Its directory has a short name, for the sake of sockets.
# shellcheck disable=SC2154
run_cpython_unit() {
  local module=${unit%%=*} only=() code=0 log work test tests
  log=$out/logs/$module
  IFS='=' read -r -a tests <<<"$unit"
  for test in "${tests[@]:1}"; do only+=(-m "test.$test"); done
  work=$(mktemp -d "$CPYTHON_WORK/py.XXXXXX")
  (cd "$work" && TMPDIR=$work PYTHONDONTWRITEBYTECODE=1 \
    timeout -k 10 400 "$@" "$CPYTHON" -m test --fail-env-changed --tempdir "$work" \
    --junit-xml "$log.xml" "${only[@]}" --ignore "$CPYTHON_IGNORED" -v "$module") \
    </dev/null >"$log.log" 2>&1 || code=$?
  "$CPYTHON" "$here/suites/cpython_results.py" "$log.xml" "$code" "$module" >"$log.results"
  rm -rf "$work"
}

exceptions_cpython() { :; }
