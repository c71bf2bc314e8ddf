#include "ingest/wire/inflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace tocsin::wire {

bool begins_zlib(std::string_view bytes) noexcept {
  if (bytes.size() < 2) return false;
  const unsigned first = static_cast<unsigned char>(bytes[0]);
  const unsigned second = static_cast<unsigned char>(bytes[1]);
  // RFC 1950 section 2.2: method 8, a window of at most 32 KiB, and a multiple of 31.
  return (first & 0x0F) == 8 && first >> 4 <= 7 && (first << 8 | second) % 31 == 0;
}

bool begins_gzip(std::string_view bytes) noexcept {
  return bytes.starts_with("\x1F\x8B");
}

struct Inflater::Stream {
  Stream() {
    // zlib.h, inflateInit2: 32 more than the size of the window finds the form out by itself.
    constexpr int kAnyForm = MAX_WBITS + 32;
    if (inflateInit2(&state, kAnyForm) != Z_OK)
      throw std::bad_alloc();  // it can fail in no other way
  }
  ~Stream() { inflateEnd(&state); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  z_stream state{};
};

Inflater::Inflater() = default;
Inflater::~Inflater() = default;

void Inflater::restart() noexcept {
  if (stream_) inflateReset(&stream_->state);
}

Inflater::Step Inflater::step(std::string_view compressed, std::span<char> out) {
  if (!stream_) stream_ = std::make_unique<Stream>();
  constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
  const auto in_size = static_cast<uInt>(std::min(compressed.size(), kMost));
  const auto out_size = static_cast<uInt>(std::min(out.size(), kMost));
  z_stream& state = stream_->state;
  // zlib does not write to its input, but says so only where ZLIB_CONST is defined.
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  state.avail_in = in_size;
  state.next_out = reinterpret_cast<Bytef*>(out.data());
  state.avail_out = out_size;
  const int result = inflate(&state, Z_NO_FLUSH);
  Step step{Status::kMore, in_size - state.avail_in, out_size - state.avail_out};
  if (result == Z_STREAM_END) step.status = Status::kEnd;
  // Z_BUF_ERROR: there was nothing to do.
  if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
    step.status = Status::kBroken;
  }
  return step;
}

}  // namespace tocsin::wire
