#include "src/detect/memory/state_io.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "src/base/byte_order.hpp"

namespace tocsin::detect {
namespace {

constexpr std::size_t kNameBytes = 4;
constexpr std::size_t kHeadBytes = kNameBytes + 1;
constexpr std::size_t kSumBytes = 8;

std::uint64_t sum_of_bytes(std::string_view text) {
  std::uint64_t sum = 0xcbf29ce484222325;
  for (const char c : text) {
    sum ^= static_cast<std::uint8_t>(c);
    sum *= 0x100000001b3;
  }
  return sum;
}

void append_little_endian(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

}  // namespace

void StateWriter::number(float value) {
  integer(std::bit_cast<std::uint32_t>(value), sizeof value);
}

void StateWriter::number(double value) {
  integer(std::bit_cast<std::uint64_t>(value), sizeof value);
}

void StateWriter::numbers(std::span<const float> values) {
  for (const float value : values) number(value);
}

void StateWriter::bytes(std::span<const std::uint8_t> values, std::uint8_t /*largest*/) {
  for (const std::uint8_t value : values) integer(value, 1);
}

void StateWriter::text(std::string_view value) {
  integer(value.size(), sizeof(std::uint32_t));
  out_ += value;
}

void StateWriter::integer(std::uint64_t value, std::size_t bytes) {
  append_little_endian(out_, value, bytes);
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

void StateReader::bytes(std::span<std::uint8_t> values, std::uint8_t largest) {
  for (std::uint8_t& value : values) count(value, largest);
}

void StateReader::flag(bool& value) {
  const std::uint64_t read = integer(1);
  require(read <= 1);
  value = ok_ && read == 1;
}

void StateReader::text(std::string& value) {
  const std::uint64_t size = integer(sizeof(std::uint32_t));
  require(size <= rest_.size());
  value.clear();
  if (!ok_) return;
  value = rest_.substr(0, size);
  rest_.remove_prefix(size);
}

std::uint64_t StateReader::integer(std::size_t bytes) {
  require(rest_.size() >= bytes);
  if (!ok_) return 0;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    value |= std::uint64_t{static_cast<std::uint8_t>(rest_[i])} << (8 * i);
  }
  rest_.remove_prefix(bytes);
  return value;
}

void begin_state(const StateForm& form, std::string& out) {
  out += form.name;
  out.push_back(static_cast<char>(form.version));
}

void end_state(std::size_t begin, std::string& out) {
  append_little_endian(out, sum_of_bytes(std::string_view(out).substr(begin)), kSumBytes);
}

Result<std::string_view> fields_of(std::string_view state, const StateForm& form) {
  const auto refused = [&form](std::string_view what) {
    return Error{Errc::kSyntax, "", std::string(what) + " of the " + std::string(form.detector)};
  };
  if (!state.starts_with(form.name)) return refused("no state");
  if (state.size() < kHeadBytes + kSumBytes) return refused("a damaged state");
  const std::string_view summed = state.substr(0, state.size() - kSumBytes);
  if (base::load_little_endian<std::uint64_t>(summed.data() + summed.size()) !=
      sum_of_bytes(summed)) {
    return refused("a damaged state");
  }
  if (static_cast<std::uint8_t>(state[kNameBytes]) != form.version) {
    return refused("a state of another version");
  }
  return summed.substr(kHeadBytes);
}

Error impossible_state(const StateForm& form) {
  return {Errc::kRange, "",
          "a state of the " + std::string(form.detector) + " with impossible values"};
}

}  // namespace tocsin::detect
