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

// One record is one cut: its decoder may be one for datagrams, in which NUL is a byte like others.
class NulFraming final : public Framing {
 public:
  explicit NulFraming(std::size_t max_record) : max_record_(max_record) {}

  Cut cut(std::string_view buffered, bool ended) override {
    if (skipping_) return skip(buffered);
    // Between records, never at the front of one.
    const std::size_t empty = std::min(buffered.find_first_not_of('\0'), buffered.size());
    if (empty > 0) return {Cut::Kind::kRecords, empty, 0};

    const std::size_t end = buffered.substr(0, max_record_ + 1).find('\0', searched_);
    if (end != std::string_view::npos) {
      searched_ = 0;
      return {Cut::Kind::kRecords, 0, end + 1};
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
    const std::size_t nul = buffered.find('\0');
    if (nul == std::string_view::npos) return {Cut::Kind::kSkip, buffered.size(), 0};
    skipping_ = false;
    return {Cut::Kind::kSkip, nul + 1, 0};
  }

  const std::size_t max_record_;
  std::size_t searched_ = 0;  // this much of the buffer's front is known to hold no NUL
  bool skipping_ = false;     // inside a record that is too long
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

// Two ways to frame, mixed as the sender likes (RFC 6587, section 3.4):
//
//   "61 <134>Nov 21 02:51:52 vm app: text"    octet counting: LEN, blank, LEN bytes of any value
//   "<134>Nov 21 02:51:52 vm app: text" LF    non-transparent: up to LF or NUL
//
// A digit begins a counted frame, says the RFC; but a line feed inside a message makes the rest of
// it a line of its own, and "12 apples left" taken as a count would eat its neighbour. So a count
// is one when '<' follows it, or when the frame before was counted too.
// One frame is one cut: a counted one may hold line feeds, which its decoder must not split.
class SyslogFraming final : public Framing {
 public:
  explicit SyslogFraming(std::size_t max_record) : max_record_(max_record) {}

  Cut cut(std::string_view buffered, bool ended) override {
    if (to_skip_ > 0) return skip_counted(buffered);
    if (skipping_line_) return skip_line(buffered);
    // What some senders put between frames is never at the front of one.
    if (const std::size_t between = count_terminators(buffered); between > 0) {
      return {Cut::Kind::kRecords, between, 0};
    }
    const Head head = read_head(buffered);
    if (head.kind == Head::kOpen && !ended) return {};
    if (head.kind == Head::kCounted) return cut_counted(buffered, head);
    return cut_line(buffered, ended);
  }

 private:
  struct Head {
    enum Kind : std::uint8_t { kOpen, kCounted, kNone };  // kOpen: more bytes will tell
    Kind kind = kNone;
    std::size_t size = 0;    // digits and blank
    std::size_t length = 0;  // what the digits say
  };

  static bool is_terminator(char c) noexcept { return c == '\n' || c == '\0'; }

  static std::size_t count_terminators(std::string_view buffered) noexcept {
    std::size_t count = 0;
    while (count < buffered.size() && is_terminator(buffered[count])) ++count;
    return count;
  }

  [[nodiscard]] Head read_head(std::string_view buffered) const noexcept {
    constexpr std::size_t kMostDigits = 9;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (buffered.empty()) return {Head::kOpen};
    if (buffered.front() == '0') return {};
    Head head{Head::kCounted};
    std::size_t at = 0;
    for (; at < buffered.size() && is_digit(buffered[at]); ++at) {
      if (at == kMostDigits) return {};
      head.length = head.length * 10 + static_cast<std::size_t>(buffered[at] - '0');
    }
    if (at == 0) return {};
    if (at == buffered.size()) return {Head::kOpen};
    if (buffered[at] != ' ') return {};
    head.size = at + 1;
    if (last_was_counted_) return head;
    if (head.size == buffered.size()) return {Head::kOpen};
    return buffered[head.size] == '<' ? head : Head{};
  }

  Cut cut_counted(std::string_view buffered, const Head& head) {
    last_was_counted_ = true;
    if (head.length > max_record_) {
      to_skip_ = head.size + head.length;
      return {Cut::Kind::kOversized, 0, buffered.size()};
    }
    if (buffered.size() - head.size < head.length) return {};
    return {Cut::Kind::kRecords, head.size, head.length};
  }

  // The terminator stays with the record.
  Cut cut_line(std::string_view buffered, bool ended) {
    const std::size_t end = find_terminator(buffered.substr(0, max_record_ + 1), searched_);
    if (end == std::string_view::npos && buffered.size() <= max_record_ && !ended) {
      searched_ = buffered.size();
      return {};
    }
    searched_ = 0;
    last_was_counted_ = false;
    if (end != std::string_view::npos) return {Cut::Kind::kRecords, 0, end + 1};
    if (buffered.size() > max_record_) {
      skipping_line_ = true;
      return {Cut::Kind::kOversized, 0, buffered.size()};
    }
    return buffered.empty() ? Cut{} : Cut{Cut::Kind::kRecords, 0, buffered.size()};
  }

  // The first LF or NUL at or behind `from`. In blocks, so that a stream which has but one of them
  // is not searched to its end for the other.
  static std::size_t find_terminator(std::string_view bytes, std::size_t from) noexcept {
    constexpr std::size_t kBlock = 256;
    for (; from < bytes.size(); from += kBlock) {
      const std::string_view block = bytes.substr(from, kBlock);
      const std::size_t at = std::min(block.find('\n'), block.find('\0'));
      if (at != std::string_view::npos) return from + at;
    }
    return std::string_view::npos;
  }

  Cut skip_counted(std::string_view buffered) {
    if (buffered.empty()) return {};
    const std::size_t now = std::min(to_skip_, buffered.size());
    to_skip_ -= now;
    return {Cut::Kind::kSkip, now, 0};
  }

  Cut skip_line(std::string_view buffered) {
    if (buffered.empty()) return {};
    const std::size_t end = find_terminator(buffered, 0);
    if (end == std::string_view::npos) return {Cut::Kind::kSkip, buffered.size(), 0};
    skipping_line_ = false;
    return {Cut::Kind::kSkip, end + 1, 0};
  }

  const std::size_t max_record_;
  std::size_t to_skip_ = 0;       // of a counted frame that is too long
  std::size_t searched_ = 0;      // this much of the buffer's front is known to end no line
  bool skipping_line_ = false;    // inside a line that is too long
  bool last_was_counted_ = true;  // a sender that counts need not begin with a priority
};

}  // namespace

std::unique_ptr<Framing> make_framing(FramingKind kind, std::size_t max_record) {
  switch (kind) {
    case FramingKind::kLength32:
      return std::make_unique<Length32Framing>(std::endian::little, max_record);
    case FramingKind::kBigLength32:
      return std::make_unique<Length32Framing>(std::endian::big, max_record);
    case FramingKind::kNul:
      return std::make_unique<NulFraming>(max_record);
    case FramingKind::kSyslog:
      return std::make_unique<SyslogFraming>(max_record);
    case FramingKind::kLines:
      break;
  }
  return std::make_unique<LineFraming>(max_record);
}

}  // namespace tocsin::listen
