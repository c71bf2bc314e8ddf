// The byte form of a DdSketch. Numbers are little-endian; v is a varint (7 bits a byte, low first),
// z a zigzag varint.
//
//     u8 version = 1 | u8 flags | f64 relative error | f64 sum | f64 min | f64 max | w zeros
//     | side (positive) | side (negative)          side = v buckets | then per bucket: z or v | w
//
// The first bucket of a side gives its index (z), the others their distance from the one before (v,
// at least 1). A weight w is a varint while all weights are whole numbers below 2^53 (flag bit 0
// clear), else a f64.
#include <bit>
#include <cmath>
#include <cstring>

#include "src/series/bit_io.hpp"
#include "src/series/ddsketch.hpp"

namespace tocsin::series {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kFractionalWeights = 0x01;
constexpr std::int64_t kMaxIndex = std::int64_t{1} << 24;
constexpr double kMaxWhole = 9007199254740992.0;  // 2^53

bool is_whole(double weight) noexcept {
  return weight < kMaxWhole && weight == std::floor(weight);
}

class ByteWriter {
 public:
  ByteWriter(std::vector<std::byte>& out, bool whole) : out_(out), whole_(whole) {}

  void u8(std::uint8_t value) { out_.push_back(static_cast<std::byte>(value)); }
  void f64(double value) {
    const auto bytes = std::bit_cast<std::array<std::byte, 8>>(value);
    out_.insert(out_.end(), bytes.begin(), bytes.end());
  }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) u8(static_cast<std::uint8_t>(value | 0x80));
    u8(static_cast<std::uint8_t>(value));
  }
  void weight(double value) {
    if (whole_) {
      varint(static_cast<std::uint64_t>(value));
    } else {
      f64(value);
    }
  }

 private:
  std::vector<std::byte>& out_;
  bool whole_;
};

// Reads past the end give 0 and remember the failure; callers check ok() before they use a result.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::uint8_t u8() {
    if (at_ >= bytes_.size()) return fail();
    return std::to_integer<std::uint8_t>(bytes_[at_++]);
  }
  double f64() {
    if (bytes_.size() - at_ < 8) return fail();
    const auto value = std::bit_cast<double>(load_bytes(bytes_.data() + at_, 8));
    at_ += 8;
    return value;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      const std::uint64_t byte = u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return fail();
  }
  double weight(bool whole) { return whole ? static_cast<double>(varint()) : f64(); }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }
  [[nodiscard]] std::size_t offset() const { return at_; }

 private:
  std::uint8_t fail() {
    ok_ = false;
    at_ = bytes_.size();
    return 0;
  }

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

Error bad(const ByteReader& reader, Errc code, const char* text) {
  return {code, "offset " + std::to_string(reader.offset()), text};
}

bool valid_weight(double weight) {
  return std::isfinite(weight) && weight > 0;
}

}  // namespace

void DdSketch::append_bytes(std::vector<std::byte>& out) const {
  bool whole = is_whole(zeros_);
  const auto look = [&](const BucketWeights& side) {
    std::uint64_t used = 0;
    for (std::int32_t index = side.low(); index <= side.high(); ++index) {
      const double weight = side.at(*arena_, index);
      used += weight > 0 ? 1 : 0;
      whole = whole && is_whole(weight);
    }
    return used;
  };
  const std::uint64_t positive = look(positive_);
  const std::uint64_t negative = look(negative_);

  ByteWriter writer(out, whole);
  writer.u8(kVersion);
  writer.u8(whole ? 0 : kFractionalWeights);
  for (const double field : {relative_error(), sum(), totals_.min, totals_.max}) writer.f64(field);
  writer.weight(zeros_);
  const auto write = [&](const BucketWeights& side, std::uint64_t used) {
    writer.varint(used);
    std::int32_t last = 0;
    bool first = true;
    for (std::int32_t index = side.low(); index <= side.high(); ++index) {
      const double weight = side.at(*arena_, index);
      if (weight == 0) continue;
      writer.varint(first ? zigzag(index) : static_cast<std::uint64_t>(index - last));
      writer.weight(weight);
      last = index;
      first = false;
    }
  };
  write(positive_, positive);
  write(negative_, negative);
}

// The outermost value of each end lies in the outermost bucket; towards zero that bucket may have
// taken in smaller ones.
bool DdSketch::has_consistent_range() const noexcept {
  if (totals_.count == 0)
    return totals_.min > totals_.max && std::isinf(totals_.min) && std::isinf(totals_.max);
  if (!std::isfinite(totals_.min) || !std::isfinite(totals_.max)) return false;
  const auto end_fits = [&](double end, const BucketWeights& outer, const BucketWeights& inner) {
    if (!outer.empty()) return end > 0 && mapping_.index(end) == outer.high();
    if (zeros_ > 0) return end == 0;
    return end < 0 && mapping_.index(-end) <= inner.low();
  };
  return totals_.min <= totals_.max && end_fits(totals_.max, positive_, negative_) &&
         end_fits(-totals_.min, negative_, positive_);
}

Result<DdSketch> DdSketch::parse(std::span<const std::byte> bytes, Arena& arena) {
  ByteReader reader(bytes);
  if (reader.u8() != kVersion) {
    return bad(reader, Errc::kUnsupported, "not a sketch of version 1");
  }
  const std::uint8_t flags = reader.u8();
  const double error = reader.f64();
  const double sum = reader.f64();
  const double min = reader.f64();
  const double max = reader.f64();
  const bool whole = flags == 0;
  const double zeros = reader.weight(whole);
  if (!reader.ok() || flags > kFractionalWeights) {
    return bad(reader, Errc::kSyntax, "truncated or unknown sketch header");
  }
  // Written so that NaN fails too.
  if (!(error >= LogBuckets::kLeastError && error <= LogBuckets::kGreatestError)) {
    return bad(reader, Errc::kRange, "relative error outside 0.0001..0.5");
  }
  if (zeros != 0 && !valid_weight(zeros)) {
    return bad(reader, Errc::kRange, "weight is not positive and finite");
  }

  DdSketch sketch(arena, error);
  double count = zeros;
  for (BucketWeights* side : {&sketch.positive_, &sketch.negative_}) {
    const std::uint64_t buckets = reader.varint();
    if (buckets > static_cast<std::uint64_t>(BucketWeights::kMaxBuckets)) {
      return bad(reader, Errc::kLimit, "more than 2048 buckets");
    }
    std::int64_t first = 0;
    std::int64_t index = 0;
    for (std::uint64_t i = 0; i < buckets; ++i) {
      const std::uint64_t number = reader.varint();
      const double weight = reader.weight(whole);
      if (!reader.ok()) return bad(reader, Errc::kSyntax, "truncated bucket");
      if (!valid_weight(weight)) {
        return bad(reader, Errc::kRange, "weight is not positive and finite");
      }
      if (i == 0) {
        first = index = unzigzag(number);
        if (index < -kMaxIndex || index > kMaxIndex) {
          return bad(reader, Errc::kRange, "bucket index outside what a double can have");
        }
      } else {
        if (number == 0 || number >= static_cast<std::uint64_t>(BucketWeights::kMaxBuckets)) {
          return bad(reader, Errc::kRange, "buckets are not ascending or too far apart");
        }
        index += static_cast<std::int64_t>(number);
        if (index - first >= BucketWeights::kMaxBuckets) {
          return bad(reader, Errc::kRange, "buckets span more than 2048");
        }
      }
      const auto at = static_cast<std::int32_t>(index);
      if (!side->covers(at) && !side->reach(arena, at, at)) {
        return bad(reader, Errc::kLimit, "no memory for the buckets");
      }
      side->add(arena, at, weight);
      count += weight;
    }
  }
  if (!reader.ok() || !reader.at_end()) {
    return bad(reader, Errc::kSyntax, "truncated sketch or bytes behind it");
  }
  sketch.zeros_ = zeros;
  sketch.totals_.count = count;
  sketch.totals_.sum.add(sum);
  sketch.totals_.min = min;
  sketch.totals_.max = max;
  if (std::isnan(sum) || !std::isfinite(count) || !sketch.has_consistent_range()) {
    return bad(reader, Errc::kRange, "min, max or sum contradict the buckets");
  }
  return sketch;
}

}  // namespace tocsin::series
