#include "src/base/system_error.hpp"

#include <doctest/doctest.h>

#include <cerrno>

namespace tocsin::base {
namespace {

TEST_CASE("a system error says where, what was tried and why it failed") {
  const Error error = system_error("/run/x.sock", "cannot bind", EADDRINUSE);
  CHECK(error.code == Errc::kIo);
  CHECK(error.message() == "/run/x.sock: cannot bind: Address already in use");
}

TEST_CASE("an error number that the system does not know still has a text") {
  CHECK_FALSE(errno_text(99'999).empty());
}

}  // namespace
}  // namespace tocsin::base
