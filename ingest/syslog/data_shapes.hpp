// DataShapes: structured data as programs write it again and again, of which only the values
// differ.
// Example: [timeQuality tzKnown="1" isSynced="1" syncAccuracy="173500"], as logger writes it, and
//          [meta sequenceId="29"], as syslog-ng does. Between the values stand always the same
//          bytes, so that comparing them is enough to know ids and names, and the keys of the
//          attributes need not be put together again.
// What is known is exactly what the parser found in the same bytes. Escaped values, elements
// without parameters and blanks in front of a ']' are left to it.
// Memory:  kShapes of some 500 bytes, from the first structured data on.
// Threads: one per decoder.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "ingest/syslog/message.hpp"
#include "tocsin/event.hpp"

namespace tocsin::syslog {

class DataShapes {
 public:
  static constexpr std::size_t kMostParameters = 12;

  struct Match {
    std::size_t size = 0;        // bytes of the structured data; 0: of no known shape
    std::size_t parameters = 0;  // so many attributes were written
  };

  // The structured data at the front of `data`, where text may follow. Its parameters are written
  // to `places`, which have room for kMostParameters: values as received, keys that live until the
  // next learn().
  // Cost: about 35 instructions a parameter.
  [[nodiscard]] Match match(std::string_view data, AttributeView* places) noexcept;

  // For structured data that did not match: its parameters, and the attributes they became.
  void learn(std::string_view data, std::span<const Parameter> parameters,
             const AttributeView* attributes);

 private:
  // For each parameter the bytes from the value before, or from the beginning, to its own value,
  // quotes included, and then its key.
  struct Shape {
    struct Piece {
      std::uint16_t opening_size = 0;
      std::uint16_t key_size = 0;
    };
    std::array<char, 448> text{};
    std::array<Piece, kMostParameters> pieces{};
    std::uint8_t parameters = 0;  // 0: nothing learnt
    std::uint8_t misses = 0;      // one after the other
  };

  static constexpr std::size_t kShapes = 8;
  // Two programs may meet in one place. Who is there stays until he is asked for in vain so often.
  static constexpr std::uint8_t kPatience = 4;

  [[nodiscard]] static std::size_t match_parameters(const Shape& shape, std::string_view data,
                                                    AttributeView* places) noexcept;
  [[nodiscard]] static std::size_t place_of(std::string_view data) noexcept;
  [[nodiscard]] static bool learn(std::string_view data, std::span<const Parameter> parameters,
                                  const AttributeView* attributes, Shape& shape) noexcept;

  std::unique_ptr<std::array<Shape, kShapes>> shapes_;
};

}  // namespace tocsin::syslog
