# Third parties (Debian packages; scripts/packages lists them). Each is linked only by the folder
# that it is at home in: STYLE, section 2, and tests/layers.
find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED)            # headers: Asio, Beast
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(absl REQUIRED)
find_package(CLI11 REQUIRED)
find_package(RapidJSON REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenSSL 3 REQUIRED COMPONENTS SSL Crypto)
find_package(PkgConfig REQUIRED)
pkg_check_modules(HIREDIS REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
find_path(MSGPACK_INCLUDE_DIR msgpack.hpp REQUIRED)
find_path(DOCTEST_INCLUDE_DIR doctest/doctest.h)

# One name each, so that a folder's CMakeLists.txt says what it uses and nothing about where it is.
add_library(tocsin_asio INTERFACE)
target_link_libraries(tocsin_asio INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(tocsin_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ERROR_CODE_HEADER_ONLY
                           BOOST_ASIO_DISABLE_BOOST_COROUTINE)
add_library(tocsin_msgpack INTERFACE)
target_include_directories(tocsin_msgpack SYSTEM INTERFACE ${MSGPACK_INCLUDE_DIR})
target_link_libraries(tocsin_msgpack INTERFACE Boost::headers)
add_library(tocsin_rapidjson INTERFACE)
target_include_directories(tocsin_rapidjson SYSTEM INTERFACE ${RapidJSON_INCLUDE_DIRS} ${RAPIDJSON_INCLUDE_DIRS})
add_library(tocsin_doctest INTERFACE)
target_include_directories(tocsin_doctest SYSTEM INTERFACE ${DOCTEST_INCLUDE_DIR})
