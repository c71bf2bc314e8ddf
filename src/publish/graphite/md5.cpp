#include "src/publish/graphite/md5.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

#include "src/base/byte_order.hpp"

namespace tocsin::publish::graphite {
namespace {

constexpr std::size_t kBlock = 64;

// RFC 1321, 3.4: the whole part of 2^32 * abs(sin(i + 1)).
constexpr std::array<std::uint32_t, 64> kSines = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

constexpr std::array<std::array<int, 4>, 4> kTurns = {
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};

using State = std::array<std::uint32_t, 4>;

// Sixteen steps of one round: `mix` of the state's last three words, with the words of the block in
// the order factor * i + first.
template <unsigned kRound, unsigned kFactor, unsigned kFirst, class Mix>
void add_round(State& state, const char* block, Mix mix) noexcept {
  auto [a, b, c, d] = state;
  for (unsigned i = 0; i < 16; ++i) {
    const unsigned word = (kFactor * i + kFirst) % 16;
    const auto input = base::load_little_endian<std::uint32_t>(block + 4 * word);
    const std::uint32_t sum = a + mix(b, c, d) + kSines[16 * kRound + i] + input;
    a = d;
    d = c;
    c = b;
    b += std::rotl(sum, kTurns[kRound][i % 4]);
  }
  state = {a, b, c, d};
}

void add_block(State& state, const char* block) noexcept {
  using Word = std::uint32_t;
  State next = state;
  add_round<0, 1, 0>(next, block, [](Word b, Word c, Word d) { return (b & c) | (~b & d); });
  add_round<1, 5, 1>(next, block, [](Word b, Word c, Word d) { return (b & d) | (c & ~d); });
  add_round<2, 3, 5>(next, block, [](Word b, Word c, Word d) { return b ^ c ^ d; });
  add_round<3, 7, 0>(next, block, [](Word b, Word c, Word d) { return c ^ (b | ~d); });
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += next[i];
}

}  // namespace

std::array<std::uint8_t, 16> md5(std::string_view text) noexcept {
  State state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  const std::uint64_t bits = std::uint64_t{text.size()} * 8;
  while (text.size() >= kBlock) {
    add_block(state, text.data());
    text.remove_prefix(kBlock);
  }
  // The rest, a 1 bit, zeros, and the length in the last eight bytes of a block.
  std::array<char, 2 * kBlock> tail{};
  std::copy(text.begin(), text.end(), tail.begin());
  tail[text.size()] = '\x80';
  const std::size_t length = text.size() < kBlock - 8 ? kBlock : 2 * kBlock;
  for (std::size_t i = 0; i < 8; ++i) tail[length - 8 + i] = static_cast<char>(bits >> (8 * i));
  for (std::size_t at = 0; at < length; at += kBlock) add_block(state, tail.data() + at);

  std::array<std::uint8_t, 16> digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(state[i / 4] >> (8 * (i % 4)));
  }
  return digest;
}

}  // namespace tocsin::publish::graphite
