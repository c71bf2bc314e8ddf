#include "ingest/graphite/pickle_decoder.hpp"

#include <cmath>
#include <variant>

#include "ingest/graphite/number.hpp"
#include "ingest/graphite/word_scan.hpp"

namespace tocsin::graphite {
namespace {

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

PickleDecoder::PickleDecoder(const Options& options, Intake& intake)
    : max_frame_bytes_(options.max_frame_bytes),
      intake_(intake),
      event_(options),
      pickle_(options.max_pickle_values) {}

std::size_t PickleDecoder::decode(std::string_view frame, const Origin& origin) {
  const bool goes_on = waits_ && frame.size() == waiting_bytes_;
  event_.set_origin(origin);
  if (!goes_on && !begin(frame)) return frame.size();
  waits_ = !take_points(frame, origin);
  waiting_bytes_ = frame.size();
  if (waits_) return 0;
  may_give_up_ = false;
  if (pickle_.end() != frame.size()) {
    intake_.reject(RejectCause::kSyntax, frame.substr(pickle_.end()), pickle_.end(),
                   "bytes behind the end of the pickle");
  }
  pickle_.shrink();
  return frame.size();
}

// False: the frame was refused, or is empty.
bool PickleDecoder::begin(std::string_view frame) {
  waits_ = false;
  may_give_up_ = false;
  if (frame.empty()) return false;
  if (frame.size() > max_frame_bytes_) {
    intake_.reject(RejectCause::kOversized, frame, 0, "the frame is longer than the limit");
    return false;
  }
  if (const auto refusal = pickle_.read(frame)) {
    intake_.reject(refusal->cause, frame, refusal->offset, refusal->text);
    pickle_.shrink();
    return false;
  }
  if (!pickle_.root().has_items()) {
    intake_.reject(RejectCause::kSyntax, frame, 0, "not a list of points");
    return false;
  }
  next_point_ = pickle_.first(pickle_.root());
  return true;
}

// False: the intake is full. On entry and after each step all points before next_point_ are
// accounted for.
bool PickleDecoder::take_points(std::string_view frame, const Origin& origin) {
  Point point;
  for (; next_point_ != Pickle::kEnd; next_point_ = pickle_.next(next_point_)) {
    const Pickle::Value& value = pickle_.item(next_point_);
    point.name = {};
    if (const auto refusal = read_point(frame, value, origin.received, point)) {
      intake_.reject(refusal->cause, point.name.empty() ? frame : point.name, refusal->offset,
                     refusal->text);
      continue;
    }
    const EventView* const event = event_.make(point);
    if (event == nullptr) {
      const Refusal& refusal = event_.refusal();
      intake_.reject(refusal.cause, point.name.empty() ? frame : point.name, pickle_.place(value),
                     refusal.text);
    } else if (!intake_.event(*event)) {
      if (!may_give_up_) return false;
      intake_.drop(1);
    }
  }
  return true;
}

std::optional<Refusal> PickleDecoder::read_point(std::string_view frame, const Pickle::Value& value,
                                                 TimePoint received, Point& point) const {
  constexpr std::string_view kShape = "not a point, (name, (time, value)) was expected";
  if (!value.has_items()) return Refusal{RejectCause::kSyntax, 0, kShape};
  const std::size_t offset = pickle_.place(value);
  if (pickle_.size(value) != 2) return Refusal{RejectCause::kSyntax, offset, kShape};
  const std::uint32_t first = pickle_.first(value);
  const Pickle::Value& name = pickle_.item(first);
  const Pickle::Value& pair = pickle_.item(pickle_.next(first));
  if (name.kind != Pickle::Kind::kText) {
    return Refusal{RejectCause::kName, offset, "the name is not a text"};
  }
  point.name = pickle_.text(name, frame);
  const Word word = scan_word(point.name.data(), point.name.data() + point.name.size());
  point.plain_name = word.plain && word.end == point.name.data() + point.name.size();
  if (!pair.has_items() || pickle_.size(pair) != 2) {
    return Refusal{RejectCause::kSyntax, offset, kShape};
  }
  const std::uint32_t time = pickle_.first(pair);
  point.value = number_of(frame, pickle_.item(pickle_.next(time)));
  const auto* real = std::get_if<double>(&point.value);
  if (point.value.index() == 0) {
    return Refusal{RejectCause::kValue, offset, "the value is not a number"};
  }
  if (real != nullptr && std::isnan(*real)) {
    return Refusal{RejectCause::kValue, offset, "the value is NaN: nothing was measured"};
  }
  const auto at = time_from(number_of(frame, pickle_.item(time)), received);
  if (!at) {
    return Refusal{RejectCause::kTimestamp, offset,
                   "not a time: seconds from 1970 to 2262, or -1 for now, were expected"};
  }
  point.time = *at;
  return std::nullopt;
}

// What Python's float() would make of it; nothing when it is not a number.
Metric PickleDecoder::number_of(std::string_view frame, const Pickle::Value& value) const {
  switch (value.kind) {
    case Pickle::Kind::kBool:
    case Pickle::Kind::kInteger:
      return value.integer;
    case Pickle::Kind::kReal:
      return value.real;
    case Pickle::Kind::kText:
      return parse_number(trim(pickle_.text(value, frame)));
    default:
      return {};
  }
}

}  // namespace tocsin::graphite
