// Inflater: reads zlib (RFC 1950) and gzip data (RFC 1952) without ever writing more than it was
// told.
// rsyslog compresses single messages ('z' and then zlib data, in a datagram or a frame), or a whole
// TCP connection (compression.mode="stream:always": one zlib stream, frames inside); GELF clients
// compress single messages, in either form.
// Memory: some 40 KiB from the first use on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace tocsin::wire {

// Whether `bytes` begins with the two bytes of a zlib header.
[[nodiscard]] bool begins_zlib(std::string_view bytes) noexcept;

// Whether `bytes` begins with the two bytes that mark gzip data.
[[nodiscard]] bool begins_gzip(std::string_view bytes) noexcept;

class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  enum class Status : std::uint8_t {
    kMore,    // all input is used, or `out` is full
    kEnd,     // the data is complete; what is left of the input lies behind it
    kBroken,  // neither zlib nor gzip data, or its checksum is wrong
  };
  struct Step {
    Status status = Status::kMore;
    std::size_t used = 0;     // of `compressed`
    std::size_t written = 0;  // to `out`
  };

  // Begins anew. The header that comes next says which of the two forms it is.
  void restart() noexcept;
  // Goes on where the last step ended. Precondition: `out` is not empty.
  [[nodiscard]] Step step(std::string_view compressed, std::span<char> out);

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;  // made by the first step
};

}  // namespace tocsin::wire
