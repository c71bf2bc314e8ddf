#include "ingest/riemann/text_mender.hpp"

#include "ingest/statsd/text.hpp"

namespace tocsin::riemann {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = statsd::utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

std::string_view TextMender::mend_any(std::string_view text) {
  if (is_utf8(text)) return text;
  // Each byte becomes three at most, and no byte of a record is in two texts: the buffer never
  // moves while texts of this record view it.
  mended_.reserve(record_bytes_ * kReplacement.size());
  const std::size_t begin = mended_.size();
  mended_ += statsd::to_utf8(text);
  return std::string_view(mended_).substr(begin);
}

}  // namespace tocsin::riemann
