# The plain functions by which each folder declares itself.

# tocsin_library(NAME rules SOURCES a.cpp HEADERS a.hpp DEPS base query THIRD PkgConfig::PCRE2)
# One static library for the folder, named tocsin_<NAME>, alias tocsin::<NAME>.
# DEPS are folders of ours (also read by tests/layers); THIRD are other people's targets, private.
function(tocsin_library)
  cmake_parse_arguments(A "" "NAME" "SOURCES;HEADERS;DEPS;THIRD" ${ARGN})
  set(target tocsin_${A_NAME})
  if(A_SOURCES)
    add_library(${target} STATIC ${A_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE tocsin_flags ${A_THIRD})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
    target_link_libraries(${target} INTERFACE ${A_THIRD})
  endif()
  add_library(tocsin::${A_NAME} ALIAS ${target})
  target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include)
  foreach(dep IN LISTS A_DEPS)
    target_link_libraries(${target} ${scope} tocsin::${dep})
  endforeach()
  if(A_HEADERS)
    # Headers are included by repository path; the public ones by their path below include/.
    set(base ${PROJECT_SOURCE_DIR})
    if(CMAKE_CURRENT_SOURCE_DIR STREQUAL "${PROJECT_SOURCE_DIR}/include")
      set(base ${CMAKE_CURRENT_SOURCE_DIR})
    endif()
    list(TRANSFORM A_HEADERS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
    target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS ${base} FILES ${A_HEADERS})
    set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  endif()
endfunction()

# All unit tests and all fuzz replays: what .ci/run builds with sanitizers.
add_custom_target(unit_tests)
add_custom_target(fuzz_replays)

# tocsin_unit_test(NAME base SOURCES result_test.cpp [DEPS query] [THIRD ...])
# One doctest binary for the folder NAME. It links that folder only, so that a dependency that the
# folder does not declare shows as an undefined symbol. DEPS is for folders the *test* needs besides.
function(tocsin_unit_test)
  cmake_parse_arguments(A "" "NAME" "SOURCES;DEPS;THIRD" ${ARGN})
  set(target unit_${A_NAME})
  add_executable(${target} ${A_SOURCES})
  target_link_libraries(${target} PRIVATE tocsin_flags tocsin_test_main tocsin::${A_NAME} ${A_THIRD})
  foreach(dep IN LISTS A_DEPS)
    target_link_libraries(${target} PRIVATE tocsin::${dep})
  endforeach()
  # What is tested is optimised as ever; the tests themselves compile in half of the time. So they do
  # without the undefined sanitizer, which is for the code that they test.
  target_compile_options(${target} PRIVATE -O0)
  if(TOCSIN_SANITIZE MATCHES "undefined")
    target_compile_options(${target} PRIVATE -fno-sanitize=undefined)
  endif()
  target_compile_definitions(${target} PRIVATE
    TOCSIN_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data"
    TOCSIN_SHARED_FIXTURES="${PROJECT_SOURCE_DIR}/../shared/fixtures")
  add_test(NAME unit.${A_NAME} COMMAND ${target})
  set_tests_properties(unit.${A_NAME} PROPERTIES LABELS unit TIMEOUT 300)
  add_dependencies(unit_tests ${target})
endfunction()

# tocsin_fuzz_target(NAME statsd_decoder SOURCE fuzz_x.cpp DEPS ingest_statsd)
# With TOCSIN_FUZZ: a libFuzzer binary. Always: a binary that replays tests/fuzz/corpus/<NAME>/ and
# bounded mutations of it, run with the ordinary tests.
function(tocsin_fuzz_target)
  cmake_parse_arguments(A "" "NAME;SOURCE" "DEPS" ${ARGN})
  set(corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${A_NAME})
  add_executable(fuzz_replay_${A_NAME} ${A_SOURCE} ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cpp)
  target_link_libraries(fuzz_replay_${A_NAME} PRIVATE tocsin_flags)
  foreach(dep IN LISTS A_DEPS)
    target_link_libraries(fuzz_replay_${A_NAME} PRIVATE tocsin::${dep})
  endforeach()
  add_test(NAME fuzz.${A_NAME} COMMAND fuzz_replay_${A_NAME} ${corpus})
  set_tests_properties(fuzz.${A_NAME} PROPERTIES LABELS fuzz TIMEOUT 300)
  add_dependencies(fuzz_replays fuzz_replay_${A_NAME})
  if(TOCSIN_FUZZ)
    add_executable(fuzz_${A_NAME} ${A_SOURCE})
    target_link_libraries(fuzz_${A_NAME} PRIVATE tocsin_flags -fsanitize=fuzzer)
    foreach(dep IN LISTS A_DEPS)
      target_link_libraries(fuzz_${A_NAME} PRIVATE tocsin::${dep})
    endforeach()
  endif()
endfunction()

# tocsin_micro_bench(NAME statsd_decoder SOURCES x.cpp DEPS ingest_statsd)
function(tocsin_micro_bench)
  cmake_parse_arguments(A "" "NAME" "SOURCES;DEPS" ${ARGN})
  add_executable(bench_${A_NAME} ${A_SOURCES})
  target_link_libraries(bench_${A_NAME} PRIVATE tocsin_flags benchmark::benchmark benchmark::benchmark_main)
  foreach(dep IN LISTS A_DEPS)
    target_link_libraries(bench_${A_NAME} PRIVATE tocsin::${dep})
  endforeach()
  # A short run with the tests: the benchmarks check their own answers.
  add_test(NAME bench.${A_NAME} COMMAND bench_${A_NAME} --benchmark_min_time=0.01)
  set_tests_properties(bench.${A_NAME} PROPERTIES LABELS bench TIMEOUT 300)
endfunction()
