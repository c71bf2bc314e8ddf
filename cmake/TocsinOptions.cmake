# Language level, build types, warnings and sanitizers, for every target of ours.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(TOCSIN_WERROR "Treat warnings as errors (our presets do)" OFF)
option(TOCSIN_BENCH "Build the benchmarks" ON)
option(TOCSIN_FUZZ "Build the fuzz targets with libFuzzer (needs clang)" OFF)
option(TOCSIN_COVERAGE "Instrument for coverage" OFF)
option(TOCSIN_TEST_PCH "Compile what all unit tests include once (.ci/run does)" OFF)
set(TOCSIN_SANITIZE "" CACHE STRING "Value for -fsanitize=, e.g. address,undefined")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# The baseline stays what Debian's amd64 promises (x86-64); hot loops use SSE2 or NEON, which it has.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
# Only sanitizers are built so: lines in their reports, and no more work for the compiler than that.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
if(TOCSIN_SANITIZE MATCHES "address" AND NOT TOCSIN_FUZZ)
  # What runs under these sanitizers are short tests: compiling them is what costs.
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O0 -g1")
endif()

find_program(TOCSIN_CCACHE ccache)
if(TOCSIN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${TOCSIN_CCACHE})
endif()
find_program(TOCSIN_MOLD mold)
if(TOCSIN_MOLD AND NOT TOCSIN_FUZZ)
  add_link_options(-fuse-ld=mold)
endif()

# Carries our flags to our targets and to nothing else.
add_library(tocsin_flags INTERFACE)
target_compile_options(tocsin_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       -Wnon-virtual-dtor -Woverloaded-virtual)
if(TOCSIN_WERROR)
  target_compile_options(tocsin_flags INTERFACE -Werror)
endif()
if(TOCSIN_SANITIZE)
  # The checks that sanitizers add make g++ 12 see uninitialised values in Boost.Beast.
  target_compile_options(tocsin_flags INTERFACE
                         $<$<CXX_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized>)
  target_compile_options(tocsin_flags INTERFACE -fsanitize=${TOCSIN_SANITIZE}
                         -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(tocsin_flags INTERFACE -fsanitize=${TOCSIN_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(tocsin_flags INTERFACE
      -fsanitize-ignorelist=${PROJECT_SOURCE_DIR}/cmake/sanitizer-ignorelist.txt)
  endif()
endif()
if(TOCSIN_FUZZ)
  target_compile_options(tocsin_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(TOCSIN_COVERAGE)
  target_compile_options(tocsin_flags INTERFACE --coverage)
  target_link_options(tocsin_flags INTERFACE --coverage)
endif()
