#include "src/detect/deep/state_bytes.hpp"

#include <bit>

namespace tocsin::detect {

void StateWriter::number(double value) {
  integer(std::bit_cast<std::uint64_t>(value));
}

void StateWriter::number(float value) {
  integer(std::bit_cast<std::uint32_t>(value));
}

void StateWriter::bytes(std::span<const std::uint8_t> values) {
  for (const std::uint8_t value : values) out_.push_back(static_cast<char>(value));
}

double StateReader::number(double low, double high) {
  const auto value = std::bit_cast<double>(integer(~std::uint64_t{0}));
  if (ok_ && value >= low && value <= high) return value;
  ok_ = false;
  return low;
}

float StateReader::number(float low, float high) {
  const auto value = std::bit_cast<float>(integer(~std::uint32_t{0}));
  if (ok_ && value >= low && value <= high) return value;
  ok_ = false;
  return low;
}

void StateReader::bytes(std::span<std::uint8_t> values, std::uint8_t largest) {
  for (std::uint8_t& value : values) value = integer(largest);
}

std::string_view StateReader::take(std::size_t count) {
  if (!ok_ || rest_.size() < count) {
    ok_ = false;
    return {};
  }
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

std::uint64_t checksum_of(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : bytes) {
    hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3;
  }
  return hash;
}

}  // namespace tocsin::detect
