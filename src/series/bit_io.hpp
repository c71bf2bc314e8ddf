// Bits in and out of bytes, least significant first: bit i of the stream is bit i%8 of byte i/8.
// Reading loads whole 64-bit words at any address, so up to 7 bytes behind the stream must be
// readable (Arena::kReadableSlackBytes sees to that); what they hold does not matter.
// Layout:  little-endian, as every machine tocsin is built for.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tocsin::series {

static_assert(std::endian::native == std::endian::little);

// A field of any width up to this is contained in one 64-bit load, whatever bit it starts at.
inline constexpr unsigned kMaxPackedWidth = 57;

[[nodiscard]] inline std::uint64_t load_word(const std::byte* from) noexcept {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// The lowest `width` bits set; width 0..64.
[[nodiscard]] constexpr std::uint64_t low_mask(unsigned width) noexcept {
  return width == 0 ? 0 : ~std::uint64_t{0} >> (64 - width);
}

[[nodiscard]] constexpr std::size_t bytes_for_bits(std::size_t bits) noexcept {
  return (bits + 7) / 8;
}

// The field of `width` bits that starts at bit `position`; width 0..kMaxPackedWidth.
[[nodiscard]] inline std::uint64_t load_field(const std::byte* from, std::size_t position,
                                              unsigned width) noexcept {
  return (load_word(from + position / 8) >> (position % 8)) & low_mask(width);
}

class BitWriter {
 public:
  // Writes whole words: up to 8 bytes behind the last bit must be writable.
  explicit BitWriter(std::byte* to) noexcept : to_(to) {}

  // Width 0..kMaxPackedWidth; bits of `field` above it must be 0.
  void write(std::uint64_t field, unsigned width) noexcept {
    pending_ |= field << pending_bits_;
    pending_bits_ += width;
    std::memcpy(to_, &pending_, sizeof pending_);
    const unsigned whole = pending_bits_ / 8;
    to_ += whole;
    // 57 + 7 bits fill the word; shifting by all 64 at once would be undefined.
    pending_ = whole == 8 ? 0 : pending_ >> (whole * 8);
    pending_bits_ %= 8;
  }
  // Width up to 64.
  void write_wide(std::uint64_t field, unsigned width) noexcept {
    const unsigned first = width > 32 ? 32 : width;
    write(field & low_mask(first), first);
    if (width > 32) write(field >> 32, width - 32);
  }

  // Behind the last byte that holds a bit.
  [[nodiscard]] std::byte* end() const noexcept { return to_ + (pending_bits_ > 0 ? 1 : 0); }

 private:
  std::byte* to_;
  std::uint64_t pending_ = 0;  // fewer than 8 bits between calls
  unsigned pending_bits_ = 0;
};

class BitReader {
 public:
  explicit BitReader(const std::byte* from) noexcept : from_(from) {}

  [[nodiscard]] std::uint64_t read(unsigned width) noexcept {
    const std::uint64_t field = load_field(from_, position_, width);
    position_ += width;
    return field;
  }
  [[nodiscard]] std::uint64_t read_wide(unsigned width) noexcept {
    if (width <= 32) return read(width);
    const std::uint64_t low = read(32);
    return low | read(width - 32) << 32;
  }
  [[nodiscard]] const std::byte* end() const noexcept { return from_ + bytes_for_bits(position_); }

 private:
  const std::byte* from_;
  std::size_t position_ = 0;
};

// Integers in as few whole bytes as they need; the byte count is kept elsewhere.
[[nodiscard]] constexpr unsigned byte_width(std::uint64_t value) noexcept {
  return (static_cast<unsigned>(std::bit_width(value)) + 7) / 8;
}
inline std::byte* store_bytes(std::byte* to, std::uint64_t value, unsigned bytes) noexcept {
  std::memcpy(to, &value, bytes);
  return to + bytes;
}
[[nodiscard]] inline std::uint64_t load_bytes(const std::byte* from, unsigned bytes) noexcept {
  std::uint64_t value = 0;
  std::memcpy(&value, from, bytes);
  return value;
}

// Signed numbers near zero as small unsigned ones: 0, -1, 1, -2 ... become 0, 1, 2, 3 ...
[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

}  // namespace tocsin::series
