#include "src/base/unique_fd.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace tocsin::base {
namespace {

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

TEST_CASE("a descriptor is closed when its owner ends") {
  int number = -1;
  {
    const UniqueFd fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    REQUIRE(fd);
    number = fd.get();
    CHECK(is_open(number));
  }
  CHECK_FALSE(is_open(number));
}

TEST_CASE("moving hands the descriptor over, and release gives it up") {
  UniqueFd first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int number = first.get();
  UniqueFd second = std::move(first);
  CHECK(second.get() == number);
  CHECK(is_open(number));

  UniqueFd third(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int replaced = third.get();
  third = std::move(second);
  CHECK_FALSE(is_open(replaced));
  CHECK(third.get() == number);

  CHECK(third.release() == number);
  CHECK_FALSE(third);
  CHECK(is_open(number));
  ::close(number);
}

TEST_CASE("an empty owner closes nothing") {
  UniqueFd empty;
  CHECK_FALSE(empty);
  empty.reset();
  CHECK(empty.get() == -1);
}

}  // namespace
}  // namespace tocsin::base
