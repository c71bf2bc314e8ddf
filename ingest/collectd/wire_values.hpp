// WireValues: the values of a values part, read where they stand.
//   types values      a byte and eight bytes each; a gauge is a little-endian double, and the
//                     others are big-endian integers
// Memory:  views the datagram.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ingest/collectd/part.hpp"
#include "ingest/collectd/value_list.hpp"
#include "src/base/byte_order.hpp"

namespace tocsin::collectd {

class WireValues {
 public:
  // `types`: `count` of them, and behind them their values.
  WireValues(const char* types, std::size_t count) noexcept
      : types_(types), values_(types + count), count_(count) {}

  [[nodiscard]] std::size_t size() const noexcept { return count_; }

  // Whether the types are what values can be. The rest may only be called if they are.
  [[nodiscard]] bool are_known() const noexcept {
    for (std::size_t i = 0; i < count_; ++i) {
      if (static_cast<std::uint8_t>(types_[i]) >= kDsTypes) return false;
    }
    return true;
  }

  [[nodiscard]] Value operator[](std::size_t index) const noexcept {
    const char* const at = values_ + index * kNumberBytes;
    const auto type = static_cast<DsType>(types_[index]);
    return {type == DsType::kGauge ? base::load_little_endian<std::uint64_t>(at)
                                   : base::load_big_endian<std::uint64_t>(at),
            type, false};
  }

 private:
  const char* types_;
  const char* values_;
  std::size_t count_;
};

}  // namespace tocsin::collectd
