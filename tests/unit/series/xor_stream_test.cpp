#include "src/series/xor_stream.hpp"

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "tests/unit/series/series_families.hpp"

namespace tocsin::series {
namespace {

TEST_CASE("values come back bit by bit and in the size foretold") {
  for (const FamilyName& family : kFamilies) {
    CAPTURE(family.name);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const std::vector<double> values = make_family(family.family, 1 + seed * 6, seed);
      std::array<std::byte, 2048> bytes{};
      const std::byte* const end = xor_write(values, bytes.data());
      CHECK(static_cast<std::size_t>(end - bytes.data()) == xor_bytes(values, 4096));
      std::vector<double> back(values.size());
      CHECK(xor_read(bytes.data(), back) == end);
      bool equal = true;
      for (std::size_t i = 0; i < values.size(); ++i) {
        equal = equal &&
                std::bit_cast<std::uint64_t>(values[i]) == std::bit_cast<std::uint64_t>(back[i]);
      }
      CHECK(equal);
    }
  }
}

TEST_CASE("repeats cost one bit each") {
  CHECK(xor_bytes(std::vector<double>(120, 0.1), 4096) == 8 + 15);
}

TEST_CASE("counting stops once a limit is passed") {
  const std::vector<double> values = make_family(Family::kNoise, 120, 1);
  const std::size_t size = xor_bytes(values, 100);
  CHECK(size > 100);
  CHECK(size < 120);
}

}  // namespace
}  // namespace tocsin::series
