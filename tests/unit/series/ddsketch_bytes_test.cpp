// The bytes of a sketch: ddsketch_bytes.cpp, declared in ddsketch.hpp.
#include <doctest/doctest.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "src/series/bit_io.hpp"
#include "src/series/ddsketch.hpp"
#include "tests/unit/series/value_sources.hpp"

namespace tocsin::series {
namespace {

constexpr std::size_t kRoom = 64 << 20;

// A sketch written by hand, as ddsketch_bytes.cpp describes it.
struct Written {
  Written& u8(unsigned value) {
    bytes.push_back(static_cast<std::byte>(value));
    return *this;
  }
  Written& f64(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (unsigned shift = 0; shift < 64; shift += 8)
      u8(static_cast<unsigned>(bits >> shift & 0xff));
    return *this;
  }
  Written& v(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) u8(static_cast<unsigned>((value & 0x7f) | 0x80));
    return u8(static_cast<unsigned>(value));
  }
  Written& z(std::int64_t value) { return v(zigzag(value)); }
  Written& head(double sum, double min, double max, std::uint64_t zeros) {
    return u8(1).u8(0).f64(0.01).f64(sum).f64(min).f64(max).v(zeros);
  }

  std::vector<std::byte> bytes;
};

Error refusal(const Written& written) {
  Arena arena(kRoom);
  const Result<DdSketch> parsed = DdSketch::parse(written.bytes, arena);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().where.starts_with("offset "));
  return parsed.error();
}

std::int32_t bucket_of(double magnitude) {
  return LogBuckets(0.01).index(magnitude);
}

TEST_CASE("a sketch comes back from its bytes") {
  Arena arena(kRoom);
  for (const Source& source : sources()) {
    CAPTURE(source.name);
    for (const std::size_t count : {0u, 1u, 5000u}) {
      for (const double weight : {1.0, 2.5}) {
        DdSketch sketch(arena);
        for (const double value : draw(source, count, 3)) REQUIRE(sketch.add(value, weight));
        std::vector<std::byte> bytes;
        sketch.append_bytes(bytes);
        const Result<DdSketch> back = DdSketch::parse(bytes, arena);
        REQUIRE(back.has_value());
        CHECK(back->same_distribution(sketch));
        CHECK(back->sum() == sketch.sum());
      }
    }
  }
}

TEST_CASE("damaged bytes are refused or give a sketch that is whole") {
  Arena arena(kRoom);
  DdSketch sketch(arena);
  for (const double value : draw(sources()[7], 300, 4)) REQUIRE(sketch.add(value));
  std::vector<std::byte> bytes;
  sketch.append_bytes(bytes);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    CHECK_FALSE(DdSketch::parse(std::span(bytes).first(length), arena).has_value());
  }
  std::mt19937_64 random(13);
  std::size_t refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<std::byte> damaged = bytes;
    for (std::uint64_t i = 0; i <= random() % 3; ++i) {
      damaged[random() % damaged.size()] = static_cast<std::byte>(random());
    }
    const Result<DdSketch> parsed = DdSketch::parse(damaged, arena);
    if (!parsed) {
      ++refused;
      continue;
    }
    const double median = parsed->quantile(0.5);
    CHECK_FALSE((median < parsed->min() || median > parsed->max()));
    std::vector<std::byte> again;
    parsed->append_bytes(again);
    CHECK(DdSketch::parse(again, arena).has_value());
  }
  CHECK(refused > 0);
}

TEST_CASE("the bytes are those described, with small integers for whole weights") {
  Arena arena(kRoom);
  DdSketch sketch(arena);
  for (const double value : {0.0, 1.0, 1.0, 200.0, -3.0}) REQUIRE(sketch.add(value));
  std::vector<std::byte> bytes = {std::byte{7}};
  sketch.append_bytes(bytes);
  const Written expected = Written()
                               .u8(7)
                               .head(199, -3, 200, 1)
                               .v(2)
                               .z(bucket_of(1))
                               .v(2)
                               .v(static_cast<std::uint64_t>(bucket_of(200) - bucket_of(1)))
                               .v(1)
                               .v(1)
                               .z(bucket_of(3))
                               .v(1);
  CHECK(bytes == expected.bytes);
}

TEST_CASE("one weight that is no whole number makes all of them doubles") {
  Arena arena(kRoom);
  DdSketch sketch(arena);
  REQUIRE(sketch.add(1, 2.5));
  std::vector<std::byte> bytes;
  sketch.append_bytes(bytes);
  const Written expected = Written()
                               .u8(1)
                               .u8(1)
                               .f64(0.01)
                               .f64(2.5)
                               .f64(1)
                               .f64(1)
                               .f64(0)
                               .v(1)
                               .z(bucket_of(1))
                               .f64(2.5)
                               .v(0);
  CHECK(bytes == expected.bytes);
}

TEST_CASE("bytes that append_bytes cannot have written are refused with the reason") {
  const std::int64_t one = bucket_of(1);
  const double inf = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  struct Row {
    const char* what;
    Written written;
    Errc code;
    const char* text;
  };
  const auto fractional = [&](double weight) {
    return Written().u8(1).u8(1).f64(0.01).f64(1).f64(1).f64(1).f64(0).v(1).z(one).f64(weight).v(0);
  };
  const char* const kWeight = "weight is not positive and finite";
  const char* const kRange = "min, max or sum contradict the buckets";
  const Row rows[] = {
      {"another version", Written().u8(9).u8(0), Errc::kUnsupported, "not a sketch of version 1"},
      {"nothing", Written(), Errc::kUnsupported, "not a sketch of version 1"},
      {"unknown flags", Written().u8(1).u8(2).f64(0.01).f64(0).f64(0).f64(0).f64(0).v(0).v(0),
       Errc::kSyntax, "truncated or unknown sketch header"},
      {"an error of 0", Written().u8(1).u8(0).f64(0).f64(0).f64(inf).f64(-inf).v(0).v(0).v(0),
       Errc::kRange, "relative error outside 0.0001..0.5"},
      {"an error of NaN", Written().u8(1).u8(0).f64(nan).f64(0).f64(inf).f64(-inf).v(0).v(0).v(0),
       Errc::kRange, "relative error outside 0.0001..0.5"},
      {"zeros of negative weight",
       Written().u8(1).u8(1).f64(0.01).f64(0).f64(0).f64(0).f64(-1).v(0).v(0), Errc::kRange,
       kWeight},
      {"a bucket of weight 0", Written().head(1, 1, 1, 0).v(1).z(one).v(0).v(0), Errc::kRange,
       kWeight},
      {"a bucket of infinite weight", fractional(inf), Errc::kRange, kWeight},
      {"a bucket of weight NaN", fractional(nan), Errc::kRange, kWeight},
      {"too many buckets", Written().head(1, 1, 1, 0).v(2049), Errc::kLimit,
       "more than 2048 buckets"},
      {"a bucket that no double has", Written().head(1, 1, 1, 0).v(1).z((1 << 24) + 1).v(1).v(0),
       Errc::kRange, "bucket index outside what a double can have"},
      {"a bucket twice", Written().head(1, 1, 1, 0).v(2).z(one).v(1).v(0).v(1).v(0), Errc::kRange,
       "buckets are not ascending or too far apart"},
      {"a distance of the whole width",
       Written().head(1, 1, 1, 0).v(2).z(one).v(1).v(2048).v(1).v(0), Errc::kRange,
       "buckets are not ascending or too far apart"},
      {"a span of more than the width",
       Written().head(1, 1, 1, 0).v(3).z(one).v(1).v(2000).v(1).v(48).v(1).v(0), Errc::kRange,
       "buckets span more than 2048"},
      {"an end inside a bucket", Written().head(1, 1, 1, 0).v(1).z(one), Errc::kSyntax,
       "truncated bucket"},
      {"an end before the negative side", Written().head(1, 1, 1, 0).v(1).z(one).v(1),
       Errc::kSyntax, "truncated sketch or bytes behind it"},
      {"a byte too many", Written().head(1, 1, 1, 0).v(1).z(one).v(1).v(0).u8(0), Errc::kSyntax,
       "truncated sketch or bytes behind it"},
      {"a max of another bucket", Written().head(2, 1, 2, 0).v(1).z(one).v(1).v(0), Errc::kRange,
       kRange},
      {"a min above the max", Written().head(1, 1.001, 1, 0).v(1).z(one).v(1).v(0), Errc::kRange,
       kRange},
      {"a negative value and no bucket for it", Written().head(0, -1, 1, 0).v(1).z(one).v(1).v(0),
       Errc::kRange, kRange},
      {"values and an empty range", Written().head(1, inf, -inf, 0).v(1).z(one).v(1).v(0),
       Errc::kRange, kRange},
      {"a range and no values", Written().head(0, 0, 0, 0).v(0).v(0), Errc::kRange, kRange},
      {"a sum of NaN", Written().head(nan, 1, 1, 0).v(1).z(one).v(1).v(0), Errc::kRange, kRange},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Error error = refusal(row.written);
    CHECK(error.code == row.code);
    CHECK(error.text == row.text);
  }
}

TEST_CASE("without memory for the buckets the bytes are refused, and nothing is kept") {
  const Written written = Written().head(1, 1, 1, 0).v(1).z(bucket_of(1)).v(1).v(0);
  Arena arena(64);
  const Result<DdSketch> parsed = DdSketch::parse(written.bytes, arena);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().code == Errc::kLimit);
  CHECK(arena.bytes_in_use() == 0);
}

}  // namespace
}  // namespace tocsin::series
