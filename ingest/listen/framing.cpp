#include "ingest/listen/framing.hpp"

#include <algorithm>
#include <bit>

#include "src/base/byte_order.hpp"

namespace tocsin::listen {
namespace {

// All whole lines of the buffer are one cut, so that a decoder sees them like one large datagram.
class LineFraming final : public Framing {
 public:
  explicit LineFraming(std::size_t max_record) : max_record_(max_record) {}

  Cut cut(std::string_view buffered, bool ended) override {
    if (skipping_) return skip(buffered);

    // `whole` bytes are lines within the limit. The last LF among the next max_record + 1 bytes
    // therefore ends such lines too, and one look backwards covers many short lines at once.
    std::size_t whole = 0;
    for (;;) {
      const std::size_t from = std::max(whole, searched_);
      const std::size_t window = std::min(buffered.size(), whole + max_record_ + 1);
      if (from >= window) break;
      const auto at = buffered.substr(from, window - from).rfind('\n');
      if (at == std::string_view::npos) break;
      whole = from + at + 1;
    }
    if (whole > 0) {
      searched_ = 0;
      return {Cut::Kind::kRecords, 0, whole};
    }
    if (buffered.size() > max_record_) {
      skipping_ = true;
      searched_ = 0;
      return {Cut::Kind::kOversized, 0, buffered.size()};
    }
    if (ended && !buffered.empty()) return {Cut::Kind::kRecords, 0, buffered.size()};
    searched_ = buffered.size();
    return {};
  }

 private:
  Cut skip(std::string_view buffered) {
    if (buffered.empty()) return {};
    const auto lf = buffered.find('\n');
    if (lf == std::string_view::npos) return {Cut::Kind::kSkip, buffered.size(), 0};
    skipping_ = false;
    return {Cut::Kind::kSkip, lf + 1, 0};
  }

  const std::size_t max_record_;
  std::size_t searched_ = 0;  // this much of the buffer's front is known to hold no LF
  bool skipping_ = false;     // inside a line that is too long
};

//  0        4              4 + length
// +--------+--------------+
// | length | record       |  length: u32 in the given order, does not count itself
// +--------+--------------+
class Length32Framing final : public Framing {
 public:
  Length32Framing(std::endian order, std::size_t max_record)
      : order_(order), max_record_(max_record) {}

  Cut cut(std::string_view buffered, bool /*ended*/) override {
    if (to_skip_ > 0) return skip(buffered);
    if (buffered.size() < kHead) return {};
    const std::uint32_t length = length_at(buffered.data());
    if (length > max_record_) {
      to_skip_ = std::uint64_t{length} + kHead;
      return {Cut::Kind::kOversized, 0, buffered.size()};
    }
    if (buffered.size() - kHead < length) return {};
    return {Cut::Kind::kRecords, kHead, length};
  }

 private:
  static constexpr std::size_t kHead = sizeof(std::uint32_t);

  [[nodiscard]] std::uint32_t length_at(const char* head) const noexcept {
    return order_ == std::endian::big ? base::load_big_endian<std::uint32_t>(head)
                                      : base::load_little_endian<std::uint32_t>(head);
  }

  Cut skip(std::string_view buffered) {
    if (buffered.empty()) return {};
    const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(to_skip_, buffered.size()));
    to_skip_ -= now;
    return {Cut::Kind::kSkip, now, 0};
  }

  const std::endian order_;
  const std::size_t max_record_;
  std::uint64_t to_skip_ = 0;
};

}  // namespace

std::unique_ptr<Framing> make_framing(FramingKind kind, std::size_t max_record) {
  switch (kind) {
    case FramingKind::kLength32:
      return std::make_unique<Length32Framing>(std::endian::little, max_record);
    case FramingKind::kBigLength32:
      return std::make_unique<Length32Framing>(std::endian::big, max_record);
    case FramingKind::kLines:
      break;
  }
  return std::make_unique<LineFraming>(max_record);
}

}  // namespace tocsin::listen
