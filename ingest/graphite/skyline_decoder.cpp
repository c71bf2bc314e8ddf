#include "ingest/graphite/skyline_decoder.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <variant>

#include "ingest/graphite/number.hpp"
#include "src/base/byte_order.hpp"

namespace tocsin::graphite {
namespace {

// Reads from the front of a datagram. What is not there or of another type reads as nothing.
class Msgpack {
 public:
  explicit Msgpack(std::string_view bytes) : rest_(bytes), whole_(bytes.size()) {}

  [[nodiscard]] std::size_t offset() const noexcept { return whole_ - rest_.size(); }

  bool read_pair() {
    const unsigned type = take_type();
    if (type == 0x92) return true;
    if (type == 0xdc) return take<std::uint16_t>() == 2;
    return type == 0xdd && take<std::uint32_t>() == 2;
  }

  std::optional<std::string_view> read_text() {
    const unsigned type = take_type();
    if (type >= 0xa0 && type <= 0xbf) return take_bytes(type & 0x1fU);
    switch (type) {
      case 0xc4:
      case 0xd9:
        return take_bytes(take<std::uint8_t>());
      case 0xc5:
      case 0xda:
        return take_bytes(take<std::uint16_t>());
      case 0xc6:
      case 0xdb:
        return take_bytes(take<std::uint32_t>());
      default:
        return std::nullopt;
    }
  }

  Metric read_number() {
    const unsigned type = take_type();
    if (type <= 0x7f) return std::int64_t{type};
    if (type >= 0xe0 && type <= 0xff) return static_cast<std::int64_t>(type) - 0x100;
    switch (type) {
      case 0xca: {
        const auto bits = take<std::uint32_t>();
        return bits ? Metric(double{std::bit_cast<float>(*bits)}) : Metric();
      }
      case 0xcb: {
        const auto bits = take<std::uint64_t>();
        return bits ? Metric(std::bit_cast<double>(*bits)) : Metric();
      }
      case 0xcc:
        return integer<std::uint8_t, std::uint8_t>();
      case 0xcd:
        return integer<std::uint16_t, std::uint16_t>();
      case 0xce:
        return integer<std::uint32_t, std::uint32_t>();
      case 0xcf: {
        const auto bits = take<std::uint64_t>();
        if (!bits) return {};
        constexpr auto kLargest = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
        if (*bits > kLargest) return static_cast<double>(*bits);
        return static_cast<std::int64_t>(*bits);
      }
      case 0xd0:
        return integer<std::uint8_t, std::int8_t>();
      case 0xd1:
        return integer<std::uint16_t, std::int16_t>();
      case 0xd2:
        return integer<std::uint32_t, std::int32_t>();
      case 0xd3:
        return integer<std::uint64_t, std::int64_t>();
      default:
        return {};
    }
  }

 private:
  static constexpr unsigned kNone = 0x100;  // no type of msgpack

  unsigned take_type() {
    const auto type = take<std::uint8_t>();
    return type ? *type : kNone;
  }

  template <class T>
  std::optional<T> take() {
    if (rest_.size() < sizeof(T)) return std::nullopt;
    const T bits = base::load_big_endian<T>(rest_.data());
    rest_.remove_prefix(sizeof(T));
    return bits;
  }

  // `length` may be nothing itself, when the datagram ended before it.
  std::optional<std::string_view> take_bytes(std::optional<std::size_t> length) {
    if (!length || rest_.size() < *length) return std::nullopt;
    const std::string_view taken = rest_.substr(0, *length);
    rest_.remove_prefix(*length);
    return taken;
  }

  template <class Bits, class Integer>
  Metric integer() {
    const auto bits = take<Bits>();
    if (!bits) return {};
    return std::int64_t{static_cast<Integer>(*bits)};
  }

  std::string_view rest_;
  std::size_t whole_;
};

std::optional<Refusal> read_point(Msgpack& from, TimePoint received, Point& point) {
  constexpr std::string_view kShape = "not a point, [name, [time, value]] in msgpack was expected";
  if (!from.read_pair()) return Refusal{RejectCause::kSyntax, from.offset(), kShape};
  const auto name = from.read_text();
  if (!name) return Refusal{RejectCause::kName, from.offset(), "the name is not a text"};
  if (!from.read_pair()) return Refusal{RejectCause::kSyntax, from.offset(), kShape};
  const Metric time = from.read_number();
  const auto at = time_from(time, received);
  if (!at) {
    return Refusal{RejectCause::kTimestamp, from.offset(),
                   "not a time: seconds from 1970 to 2262, or -1 for now, were expected"};
  }
  point.value = from.read_number();
  const auto* real = std::get_if<double>(&point.value);
  if (point.value.index() == 0) {
    return Refusal{RejectCause::kValue, from.offset(), "the value is not a number"};
  }
  if (real != nullptr && std::isnan(*real)) {
    return Refusal{RejectCause::kValue, from.offset(), "the value is NaN: nothing was measured"};
  }
  point.name = *name;
  point.time = *at;
  return std::nullopt;
}

}  // namespace

std::size_t SkylineDecoder::decode(std::string_view datagram, const Origin& origin) {
  if (datagram.empty()) return 0;
  event_.set_origin(origin);
  Msgpack from(datagram);
  Point point;
  if (const auto refusal = read_point(from, origin.received, point)) {
    intake_.reject(refusal->cause, datagram, refusal->offset, refusal->text);
    return datagram.size();
  }
  const EventView* const event = event_.make(point);
  if (event == nullptr) {
    const Refusal& refusal = event_.refusal();
    const auto name_at = static_cast<std::size_t>(point.name.data() - datagram.data());
    intake_.reject(refusal.cause, datagram, name_at + refusal.offset, refusal.text);
  } else if (!intake_.event(*event)) {
    waits_ = !may_give_up_;
    if (waits_) return 0;
    intake_.drop(1);
  }
  waits_ = false;
  may_give_up_ = false;
  if (from.offset() != datagram.size()) {
    intake_.reject(RejectCause::kSyntax, datagram.substr(from.offset()), from.offset(),
                   "bytes behind the point");
  }
  return datagram.size();
}

}  // namespace tocsin::graphite
