// Traffic: what one case sends, prepared beforehand, and what must come of it.
// Units:   a round is all of `bytes`; it is sent again and again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/sockets/intake.hpp"

namespace tocsin::sockets {

struct Traffic {
  std::string bytes;
  std::vector<std::size_t> ends;  // of each datagram, or of what is written to a stream at once
  Sums sums;                      // of a round; the first may have fewer metrics
  std::size_t reply_bytes = 0;    // of all answers to a round
  // Makes the next round of the last one; empty: they are all the same.
  std::function<void(Traffic&)> renew;

  void append(std::string_view piece) {
    bytes += piece;
    ends.push_back(bytes.size());
  }
  [[nodiscard]] std::string_view piece(std::size_t i) const noexcept {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::string_view(bytes).substr(begin, ends[i] - begin);
  }
};

}  // namespace tocsin::sockets
