#include "ingest/syslog/scratch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>

namespace tocsin::syslog {
namespace {

TEST_CASE("a short copy is exact, whatever the size") {
  for (std::size_t size = 0; size <= 70; ++size) {
    // Exactly as large as the text, so that a sanitizer sees any byte outside.
    const auto from = std::make_unique<char[]>(size);
    const auto to = std::make_unique<char[]>(size);
    for (std::size_t i = 0; i < size; ++i) from[i] = static_cast<char>('!' + i);
    CHECK(copy_short({from.get(), size}, to.get()) == to.get() + size);
    CHECK(std::equal(from.get(), from.get() + size, to.get()));
  }
}

TEST_CASE("texts are put together from pieces and stay where they are") {
  Scratch scratch;
  scratch.start(64);
  scratch.add("sd.");
  scratch.add("id");
  CHECK(scratch.open_size() == 5);
  const std::string_view first = scratch.take();
  const std::string_view piece = "value";
  scratch.set_end(std::copy(piece.begin(), piece.end(), scratch.end()));
  const std::string_view second = scratch.take();
  CHECK(scratch.open_size() == 0);
  const std::string_view nothing = scratch.take();
  CHECK(first == "sd.id");
  CHECK(second == "value");
  CHECK(nothing.empty());
}

TEST_CASE("memory is used again, and only grows when it is too small") {
  Scratch scratch;
  scratch.start(16);
  scratch.add("abc");
  const char* const memory = scratch.take().data();
  scratch.start(8);
  scratch.add("de");
  const std::string_view again = scratch.take();
  CHECK(again == "de");
  CHECK(again.data() == memory);
  scratch.start(1000);
  scratch.add(std::string(1000, 'x'));
  CHECK(scratch.take() == std::string(1000, 'x'));
}

}  // namespace
}  // namespace tocsin::syslog
