#include "ingest/syslog/data_shapes.hpp"

#include <algorithm>

#include "ingest/statsd/byte_scan.hpp"
#include "src/base/byte_order.hpp"

namespace tocsin::syslog {
namespace {

using base::load_little_endian;

constexpr std::size_t kLeastOpening = 5;  // in front of the value in `" n="v"`

// Precondition: at least kLeastOpening bytes. As words, the last of which ends with the bytes.
bool same_bytes(const char* a, const char* b, std::size_t size) noexcept {
  if (size < 8) {
    return load_little_endian<std::uint32_t>(a) == load_little_endian<std::uint32_t>(b) &&
           load_little_endian<std::uint32_t>(a + size - 4) ==
               load_little_endian<std::uint32_t>(b + size - 4);
  }
  for (std::size_t i = 0; i < size - 8; i += 8) {
    if (load_little_endian<std::uint64_t>(a + i) != load_little_endian<std::uint64_t>(b + i)) {
      return false;
    }
  }
  return load_little_endian<std::uint64_t>(a + size - 8) ==
         load_little_endian<std::uint64_t>(b + size - 8);
}

}  // namespace

// By the beginning of the first id; most differ in it.
std::size_t DataShapes::place_of(std::string_view data) noexcept {
  constexpr std::uint32_t kGoldenRatio = 0x9E3779B1;
  constexpr int kBits = 3;
  static_assert(kShapes == 1 << kBits);
  return load_little_endian<std::uint32_t>(data.data() + 1) * kGoldenRatio >> (32 - kBits);
}

// The bytes of the structured data, or 0.
inline std::size_t DataShapes::match_parameters(const Shape& shape, std::string_view data,
                                                AttributeView* places) noexcept {
  if (shape.parameters == 0) return 0;
  const char* text = shape.text.data();
  const char* at = data.data();
  const char* const end = at + data.size();
  // At the top of the loop `at` is the beginning of the data, or the quote behind a value.
  for (std::size_t i = 0; i < shape.parameters; ++i) {
    const Shape::Piece piece = shape.pieces[i];
    const std::size_t opening_size = piece.opening_size;
    if (static_cast<std::size_t>(end - at) < opening_size) return 0;
    if (!same_bytes(at, text, opening_size)) return 0;
    const char* const value = at + opening_size;
    at = statsd::find_any<'"', '\\'>(value, end);
    if (at == end || *at != '"') return 0;
    text += opening_size;
    places[i].key = {text, piece.key_size};
    places[i].value = {value, static_cast<std::size_t>(at - value)};
    text += piece.key_size;
  }
  if (end - at < 2 || at[1] != ']' || (end - at > 2 && at[2] != ' ')) return 0;
  return static_cast<std::size_t>(at - data.data()) + 2;
}

DataShapes::Match DataShapes::match(std::string_view data, AttributeView* places) noexcept {
  if (!shapes_ || data.size() < kLeastOpening) return {};
  Shape& shape = (*shapes_)[place_of(data)];
  const std::size_t size = match_parameters(shape, data, places);
  if (size != 0) {
    shape.misses = 0;
    return {size, shape.parameters};
  }
  if (shape.misses < kPatience) ++shape.misses;
  return {};
}

void DataShapes::learn(std::string_view data, std::span<const Parameter> parameters,
                       const AttributeView* attributes) {
  if (data.size() < kLeastOpening) return;
  if (!shapes_) shapes_ = std::make_unique<std::array<Shape, kShapes>>();
  Shape& shape = (*shapes_)[place_of(data)];
  if (shape.parameters != 0 && shape.misses < kPatience) return;
  if (!learn(data, parameters, attributes, shape)) shape.parameters = 0;
  shape.misses = 0;
}

// False: it has no shape, or one that is too large.
bool DataShapes::learn(std::string_view data, std::span<const Parameter> parameters,
                       const AttributeView* attributes, Shape& shape) noexcept {
  if (parameters.size() > kMostParameters) return false;
  char* text = shape.text.data();
  const char* at = data.data();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string_view value = parameters[i].value;
    const std::string_view key = attributes[i].key;
    if (parameters[i].name.empty()) return false;
    const std::string_view opening(at, static_cast<std::size_t>(value.data() - at));
    const auto room = static_cast<std::size_t>(shape.text.data() + shape.text.size() - text);
    if (opening.size() + key.size() > room) return false;
    text = std::copy(opening.begin(), opening.end(), text);
    text = std::copy(key.begin(), key.end(), text);
    shape.pieces[i] = {static_cast<std::uint16_t>(opening.size()),
                       static_cast<std::uint16_t>(key.size())};
    at = value.data() + value.size();
  }
  if (data.substr(static_cast<std::size_t>(at - data.data())) != "\"]") return false;
  shape.parameters = static_cast<std::uint8_t>(parameters.size());
  return true;
}

}  // namespace tocsin::syslog
