#include "src/series/xor_stream.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "src/series/bit_io.hpp"

namespace tocsin::series {
namespace {

constexpr unsigned kLeadingBits = 5;
constexpr unsigned kLengthBits = 6;
constexpr unsigned kWindowHeaderBits = kLeadingBits + kLengthBits;

// The part of the word in which differences are written. None yet: length 0.
struct Window {
  unsigned leading = 0;
  unsigned length = 0;

  [[nodiscard]] unsigned shift() const noexcept { return 64 - leading - length; }
};

Window window_of(std::uint64_t difference) noexcept {
  const unsigned leading = std::min(31u, static_cast<unsigned>(std::countl_zero(difference)));
  return {leading, 64 - leading - static_cast<unsigned>(std::countr_zero(difference))};
}

// Decides how each value is written and tells `out`: same(), reuse(bits, window), open(bits,
// window). Returns early when `out` has had enough.
template <class Out>
void encode(std::span<const double> values, Out& out) noexcept {
  Window window;
  auto last = std::bit_cast<std::uint64_t>(values[0]);
  for (const double value : values.subspan(1)) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const std::uint64_t difference = bits ^ last;
    last = bits;
    if (difference == 0) {
      out.same();
      continue;
    }
    const Window tight = window_of(difference);
    const bool inside =
        window.length > 0 && tight.leading >= window.leading && tight.shift() >= window.shift();
    if (inside && window.length <= tight.length + kWindowHeaderBits) {
      out.reuse(difference >> window.shift(), window);
    } else {
      window = tight;
      out.open(difference >> window.shift(), window);
    }
    if (out.enough()) return;
  }
}

struct BitCounter {
  std::size_t limit_bits;
  std::size_t bits = 64;

  void same() noexcept { ++bits; }
  void reuse(std::uint64_t, const Window& window) noexcept { bits += 2 + window.length; }
  void open(std::uint64_t, const Window& window) noexcept {
    bits += 2 + kWindowHeaderBits + window.length;
  }
  [[nodiscard]] bool enough() const noexcept { return bits > limit_bits; }
};

struct StreamWriter {
  BitWriter writer;

  void same() noexcept { writer.write(0, 1); }
  void reuse(std::uint64_t bits, const Window& window) noexcept {
    writer.write(0b01, 2);
    writer.write_wide(bits, window.length);
  }
  void open(std::uint64_t bits, const Window& window) noexcept {
    writer.write(0b11, 2);
    writer.write(window.leading, kLeadingBits);
    writer.write(window.length - 1, kLengthBits);
    writer.write_wide(bits, window.length);
  }
  [[nodiscard]] static bool enough() noexcept { return false; }
};

}  // namespace

std::size_t xor_bytes(std::span<const double> values, std::size_t limit) noexcept {
  BitCounter counter{limit * 8};
  encode(values, counter);
  return bytes_for_bits(counter.bits);
}

std::byte* xor_write(std::span<const double> values, std::byte* to) noexcept {
  StreamWriter out{BitWriter(to)};
  out.writer.write_wide(std::bit_cast<std::uint64_t>(values[0]), 64);
  encode(values, out);
  return out.writer.end();
}

const std::byte* xor_read(const std::byte* from, std::span<double> values) noexcept {
  BitReader reader(from);
  std::uint64_t bits = reader.read_wide(64);
  values[0] = std::bit_cast<double>(bits);
  Window window;
  for (double& value : values.subspan(1)) {
    if (reader.read(1) != 0) {
      if (reader.read(1) != 0) {
        window.leading = static_cast<unsigned>(reader.read(kLeadingBits));
        window.length = static_cast<unsigned>(reader.read(kLengthBits)) + 1;
      }
      bits ^= reader.read_wide(window.length) << window.shift();
    }
    value = std::bit_cast<double>(bits);
  }
  return reader.end();
}

}  // namespace tocsin::series
