#include "src/series/packing.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "src/series/bit_io.hpp"

namespace tocsin::series {
namespace {

// The search looks at a range through this many equal bins.
constexpr std::size_t kBins = 64;
constexpr unsigned kBinsLog2 = 6;

unsigned width_of(std::uint64_t value) noexcept {
  return static_cast<unsigned>(std::bit_width(value));
}

// Bits of two's complement that hold `value`.
unsigned signed_width(std::int64_t value) noexcept {
  return width_of(static_cast<std::uint64_t>(value < 0 ? ~value : value)) + 1;
}

std::size_t packed_bytes(std::size_t count, unsigned width, std::size_t outliers,
                         unsigned high_width) noexcept {
  return bytes_for_bits(count * width) + outliers + bytes_for_bits(outliers * high_width);
}

struct Range {
  std::int64_t low;
  std::int64_t high;

  [[nodiscard]] std::uint64_t size() const noexcept {
    return static_cast<std::uint64_t>(high - low);
  }
  [[nodiscard]] bool contains(std::int64_t value) const noexcept {
    return static_cast<std::uint64_t>(value - low) <= size();
  }
};

// How many values fall into each bin of a range.
class Bins {
 public:
  Bins(std::span<const std::int64_t> values, const Range& range) noexcept
      : low_(range.low),
        shift_(width_of(range.size()) > kBinsLog2 ? width_of(range.size()) - kBinsLog2 : 0) {
    std::array<std::uint8_t, kBins> counts{};
    for (const std::int64_t value : values) {
      const std::uint64_t bin = static_cast<std::uint64_t>(value - low_) >> shift_;
      if (bin < kBins) ++counts[bin];
    }
    std::uint8_t sum = 0;
    for (std::size_t i = 0; i < kBins; ++i)
      below_[i + 1] = sum = static_cast<std::uint8_t>(sum + counts[i]);
    std::fill(below_.begin() + kBins + 1, below_.end(), sum);
  }

  // log2 of the values in a bin.
  [[nodiscard]] unsigned shift() const noexcept { return shift_; }
  // Most values in any 2^span_log2 neighbouring bins. Fixed trip count: this becomes vector code.
  [[nodiscard]] std::size_t most_within(unsigned span_log2) const noexcept {
    const std::size_t span = std::size_t{1} << span_log2;
    std::uint8_t most = 0;
    for (std::size_t i = 0; i < kBins; ++i) {
      most = std::max(most, static_cast<std::uint8_t>(below_[i + span] - below_[i]));
    }
    return most;
  }
  // Where the first such bins begin.
  [[nodiscard]] std::int64_t base_of(unsigned span_log2, std::size_t count) const noexcept {
    const std::size_t span = std::size_t{1} << span_log2;
    std::size_t i = 0;
    while (static_cast<std::size_t>(below_[i + span] - below_[i]) != count) ++i;
    return low_ + static_cast<std::int64_t>(static_cast<std::uint64_t>(i) << shift_);
  }

 private:
  std::int64_t low_;
  unsigned shift_;
  std::array<std::uint8_t, 2 * kBins + 1> below_{};  // values in the bins before this one
};

Range range_of(std::span<const std::int64_t> values, const Range& within) noexcept {
  Range range{within.high, within.low};
  for (const std::int64_t value : values) {
    if (!within.contains(value)) continue;
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
  }
  return range;
}

// The window found lies on the bins' grid and the outliers' distance is a guess from the range:
// draws the window tight and settles both numbers.
void settle_outliers(std::span<const std::int64_t> values, Packing& packing) noexcept {
  const auto reach = static_cast<std::int64_t>(low_mask(packing.width));
  const Range window = range_of(values, {packing.base, packing.base + reach});
  packing.base = window.low;
  packing.width = static_cast<std::uint8_t>(width_of(window.size()));
  std::size_t outliers = 0;
  unsigned high_width = 0;
  for (const std::int64_t value : values) {
    const std::int64_t high = (value - packing.base) >> packing.width;
    if (high == 0) continue;
    ++outliers;
    high_width = std::max(high_width, signed_width(high));
  }
  packing.outliers = static_cast<std::uint8_t>(outliers);
  packing.high_width = static_cast<std::uint8_t>(high_width);
  packing.bytes = packed_bytes(values.size(), packing.width, outliers, high_width);
}

}  // namespace

// For each width below that of the whole range: which window of that width leaves the fewest values
// outside? Sorting would tell exactly; counting the values in 64 bins tells to a 64th of the range,
// ten times faster. When one bin holds most of the values, the search goes on inside it: that is
// where the bulk is when a spike has stretched the range.
Packing choose_packing(std::span<const std::int64_t> values) noexcept {
  if (values.empty()) return {};
  const std::size_t count = values.size();
  Range range = range_of(values, {INT64_MIN / 2, INT64_MAX / 2});
  const unsigned whole = width_of(range.size());
  Packing best;
  best.bytes = Packing::kImpossible;
  // The base of a window is looked up only for one that wins.
  const auto consider = [&](unsigned width, std::size_t inside, const auto& base) {
    const unsigned high_width = inside == count ? 0 : whole - width + 1;
    const std::size_t bytes = packed_bytes(count, width, count - inside, high_width);
    if (bytes >= best.bytes) return;
    best = {base(), static_cast<std::uint8_t>(width), static_cast<std::uint8_t>(count - inside), 0,
            bytes};
  };

  // Each turn: `inside` values lie in `range`, which holds at least half of all.
  for (std::size_t inside = count;;) {
    const unsigned width = width_of(range.size());
    consider(width, inside, [&] { return range.low; });
    if (width == 0) break;
    const Bins bins(values, range);
    for (unsigned span = width - bins.shift(); span-- > 0 && 2 * inside >= count;) {
      inside = bins.most_within(span);
      consider(bins.shift() + span, inside, [&] { return bins.base_of(span, inside); });
    }
    if (bins.shift() == 0 || 2 * inside < count) break;
    const std::int64_t bin = bins.base_of(0, inside);
    range = range_of(values, {bin, bin + static_cast<std::int64_t>(low_mask(bins.shift()))});
  }
  if (best.outliers > 0) settle_outliers(values, best);
  // A field must be found with one load, and so must the high part of an outlier.
  if (best.width > kMaxPackedWidth || best.high_width > kMaxPackedWidth) {
    best.bytes = Packing::kImpossible;
  }
  return best;
}

std::byte* pack(std::span<const std::int64_t> values, const Packing& packing,
                std::byte* to) noexcept {
  std::array<std::uint64_t, kMaxPackedValues> high;
  std::array<std::uint8_t, kMaxPackedValues> position;
  std::size_t outliers = 0;
  const std::uint64_t low = low_mask(packing.width);
  const std::uint64_t high_mask = low_mask(packing.high_width);
  BitWriter writer(to);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::int64_t offset = values[i] - packing.base;
    writer.write(static_cast<std::uint64_t>(offset) & low, packing.width);
    const std::int64_t above = offset >> packing.width;
    if (above != 0) {
      position[outliers] = static_cast<std::uint8_t>(i);
      high[outliers++] = static_cast<std::uint64_t>(above) & high_mask;
    }
  }
  to = writer.end();
  for (std::size_t i = 0; i < outliers; ++i) *to++ = static_cast<std::byte>(position[i]);
  BitWriter patches(to);
  for (std::size_t i = 0; i < outliers; ++i) patches.write(high[i], packing.high_width);
  return patches.end();
}

const std::byte* unpack(const std::byte* from, const Packing& packing,
                        std::span<std::int64_t> values) noexcept {
  const unsigned width = packing.width;
  const std::uint64_t mask = low_mask(width);
  std::size_t bit = 0;
  for (std::int64_t& value : values) {
    value =
        packing.base + static_cast<std::int64_t>((load_word(from + bit / 8) >> (bit % 8)) & mask);
    bit += width;
  }
  from += bytes_for_bits(bit);
  if (packing.outliers == 0) return from;
  const std::byte* const positions = from;
  from += packing.outliers;
  const unsigned unused = 64 - packing.high_width;
  BitReader patches(from);
  for (std::size_t i = 0; i < packing.outliers; ++i) {
    const std::uint64_t field = patches.read(packing.high_width) << unused;
    const std::int64_t high = static_cast<std::int64_t>(field) >> unused;
    // Shifted as unsigned: a negative high part must not overflow a signed shift.
    values[std::to_integer<std::size_t>(positions[i])] +=
        static_cast<std::int64_t>(static_cast<std::uint64_t>(high) << width);
  }
  return patches.end();
}

}  // namespace tocsin::series
