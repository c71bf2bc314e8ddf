#include "src/detect/consensus/state_io.hpp"

#include <bit>
#include <cmath>

namespace tocsin::detect::consensus {
namespace {

constexpr std::size_t kSumBytes = 8;

std::uint64_t sum_of_bytes(std::string_view text) {
  std::uint64_t sum = 0xcbf29ce484222325;
  for (const char c : text) {
    sum ^= static_cast<std::uint8_t>(c);
    sum *= 0x100000001b3;
  }
  return sum;
}

std::uint64_t read_little_endian(std::string_view text) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    value |= std::uint64_t{static_cast<std::uint8_t>(text[i])} << (8 * i);
  }
  return value;
}

}  // namespace

StateWriter::StateWriter(std::string& out, std::uint8_t version) : out_(out), begin_(out.size()) {
  integer(version, 1);
}

void StateWriter::number(float value) {
  integer(std::bit_cast<std::uint32_t>(value), sizeof value);
}

void StateWriter::number(double value) {
  integer(std::bit_cast<std::uint64_t>(value), sizeof value);
}

void StateWriter::numbers(std::span<const float> values) {
  for (const float value : values) number(value);
}

void StateWriter::bytes(std::span<const std::uint8_t> values) {
  for (const std::uint8_t value : values) integer(value, 1);
}

void StateWriter::finish() {
  integer(sum_of_bytes(std::string_view(out_).substr(begin_)), kSumBytes);
}

void StateWriter::integer(std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out_.push_back(static_cast<char>(value >> (8 * i)));
}

StateReader::StateReader(std::string_view state, std::uint8_t version) : rest_(state) {
  require(state.size() > kSumBytes);
  if (!ok_) return;
  const std::string_view sum = state.substr(state.size() - kSumBytes);
  rest_.remove_suffix(kSumBytes);
  require(read_little_endian(sum) == sum_of_bytes(rest_));
  require(integer(1) == version);
}

void StateReader::number(float& value) {
  const float read = std::bit_cast<float>(static_cast<std::uint32_t>(integer(sizeof value)));
  require(std::isfinite(read));
  value = ok_ ? read : 0;
}

void StateReader::number(double& value) {
  const double read = std::bit_cast<double>(integer(sizeof value));
  require(std::isfinite(read));
  value = ok_ ? read : 0;
}

void StateReader::numbers(std::span<float> values) {
  for (float& value : values) number(value);
}

void StateReader::numbers_or_missing(std::span<float> values) {
  for (float& value : values) {
    value = std::bit_cast<float>(static_cast<std::uint32_t>(integer(sizeof value)));
    require(!std::isinf(value));
  }
}

void StateReader::bytes(std::span<std::uint8_t> values) {
  for (std::uint8_t& value : values) value = static_cast<std::uint8_t>(integer(1));
}

void StateReader::flag(bool& value) {
  const std::uint64_t read = integer(1);
  require(read <= 1);
  value = read == 1;
}

std::uint64_t StateReader::integer(std::size_t bytes) {
  require(rest_.size() >= bytes);
  if (!ok_) return 0;
  const std::uint64_t value = read_little_endian(rest_.substr(0, bytes));
  rest_.remove_prefix(bytes);
  return value;
}

}  // namespace tocsin::detect::consensus
