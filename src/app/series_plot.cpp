#include "src/app/series_plot.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <ostream>

#include "src/event/rfc3339.hpp"
#include "tocsin/event.hpp"

namespace tocsin::app {
namespace {

// In pixels.
constexpr double kWidth = 1200;
constexpr double kHeight = 420;
constexpr double kLeft = 90;
constexpr double kRight = 20;
constexpr double kTop = 40;
constexpr double kBottom = 40;

constexpr std::size_t kMostColumns = 2048;
constexpr int kTimeMarks = 5;
constexpr double kValueMarks = 6;
constexpr double kMargin = 0.05;  // of the values' range, above and below
// The expected range may reach so many times the values' range beyond them before it is cut off.
constexpr double kMostExpected = 1;

std::string pixels(double at) {
  char text[32];
  const char* const end =
      std::to_chars(text, text + sizeof text, at, std::chars_format::fixed, 1).ptr;
  return std::string(static_cast<const char*>(text), end);
}

std::string number(double value) {
  char text[32];
  const char* const end =
      std::to_chars(text, text + sizeof text, value, std::chars_format::general, 6).ptr;
  return std::string(static_cast<const char*>(text), end);
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        // Control characters are not allowed in XML, escaped or not.
        out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return out;
}

// 1, 2 or 5 times a power of ten, about a `marks`th of `range`.
double round_step(double range, double marks) {
  const double rough = range / marks;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

std::string time_text(double time_s) {
  const auto whole = std::chrono::seconds(std::llround(time_s));
  std::string text;
  event::append_rfc3339(TimePoint(whole), text);
  std::ranges::replace(text, 'T', ' ');
  return text.substr(0, text.find_first_of("Z."));
}

}  // namespace

// From seconds and values to pixels.
class SeriesPlot::Frame {
 public:
  explicit Frame(const std::vector<Column>& columns)
      : from_s_(columns.front().from_s), to_s_(columns.back().to_s) {
    Span all;
    Span expected;
    for (const Column& column : columns) {
      all.take(column.values);
      expected.take(column.expected);
    }
    if (to_s_ <= from_s_) to_s_ = from_s_ + 1;
    const double range = all.high - all.low;
    if (!expected.empty()) {
      all.take(std::max(expected.low, all.low - kMostExpected * range));
      all.take(std::min(expected.high, all.high + kMostExpected * range));
    }
    // Also what does not change has a height.
    const double least = std::max(std::fabs(all.high), 1.0) * 1e-6;
    const double margin = std::max(kMargin * (all.high - all.low), least);
    low_ = all.low - margin;
    high_ = all.high + margin;
  }

  [[nodiscard]] double x(double time_s) const {
    return kLeft + (time_s - from_s_) / (to_s_ - from_s_) * (kWidth - kLeft - kRight);
  }
  [[nodiscard]] double y(double value) const {
    const double share = (std::clamp(value, low_, high_) - low_) / (high_ - low_);
    return kHeight - kBottom - share * (kHeight - kTop - kBottom);
  }

  void write_axes(std::ostream& out) const {
    const double step = round_step(high_ - low_, kValueMarks);
    for (double value = std::ceil(low_ / step) * step; value <= high_; value += step) {
      // The nearest to zero may be a remainder of rounding.
      const double shown = std::fabs(value) < step / 2 ? 0 : value;
      out << "<path class='grid' d='M" << pixels(kLeft) << ' ' << pixels(y(value)) << 'H'
          << pixels(kWidth - kRight) << "'/><text class='value' x='" << pixels(kLeft - 6) << "' y='"
          << pixels(y(value) + 4) << "'>" << number(shown) << "</text>\n";
    }
    for (int i = 0; i <= kTimeMarks; ++i) {
      const double time_s = from_s_ + (to_s_ - from_s_) * i / kTimeMarks;
      const char* const anchor = i == 0 ? "start" : i == kTimeMarks ? "end" : "middle";
      out << "<text x='" << pixels(x(time_s)) << "' y='" << pixels(kHeight - kBottom + 20)
          << "' text-anchor='" << anchor << "'>" << time_text(time_s) << "</text>\n";
    }
  }

 private:
  double from_s_;
  double to_s_;
  double low_ = 0;
  double high_ = 0;
};

void SeriesPlot::Span::take(double value) {
  if (!std::isfinite(value)) return;
  low = std::min(low, value);
  high = std::max(high, value);
}

void SeriesPlot::Span::take(const Span& other) {
  low = std::min(low, other.low);
  high = std::max(high, other.high);
}

void SeriesPlot::Column::take(const Column& next) {
  to_s = next.to_s;
  values.take(next.values);
  expected.take(next.expected);
  points += next.points;
  alarm = alarm || next.alarm;
  judged = judged || next.judged;
}

void SeriesPlot::add(const PlotPoint& point) {
  Column column{point.time_s, point.time_s, {}, {}, 1, point.alarm, point.judged};
  column.values.take(point.value);
  column.expected.take(point.expected_low);
  column.expected.take(point.expected_high);
  if (!columns_.empty() && columns_.back().points < points_per_column_) {
    columns_.back().take(column);
    return;
  }
  if (columns_.size() == kMostColumns) halve();
  columns_.push_back(column);
}

void SeriesPlot::halve() {
  for (std::size_t i = 0; i < columns_.size() / 2; ++i) {
    Column both = columns_[2 * i];
    both.take(columns_[2 * i + 1]);
    columns_[i] = both;
  }
  columns_.resize(columns_.size() / 2);
  points_per_column_ *= 2;
}

void SeriesPlot::write(std::string_view title, std::ostream& out) const {
  out << "<svg xmlns='http://www.w3.org/2000/svg' width='" << kWidth << "' height='" << kHeight
      << "' viewBox='0 0 " << kWidth << ' ' << kHeight
      << "' font-family='sans-serif' font-size='12'>\n"
         "<style>.grid{stroke:#ddd}.value{text-anchor:end}.expected{fill:#cfe3f5}"
         ".series{fill:none;stroke:#1f4e79;stroke-width:1.2}.learning{fill:#f2f2f2}"
         ".alarm{stroke:#d62728;stroke-width:2}</style>\n"
         "<rect width='100%' height='100%' fill='#fff'/>\n"
      << "<text x='" << kLeft << "' y='24' font-size='15'>" << escaped(title) << "</text>\n";
  if (columns_.empty()) {
    out << "<text x='" << kLeft << "' y='" << kTop + 20 << "'>no points</text>\n</svg>\n";
    return;
  }
  const Frame frame(columns_);
  const auto judged = std::ranges::find_if(columns_, &Column::judged);
  if (judged != columns_.begin()) {
    const double end = frame.x(judged == columns_.end() ? columns_.back().to_s : judged->from_s);
    out << "<rect class='learning' x='" << pixels(kLeft) << "' y='" << pixels(kTop) << "' width='"
        << pixels(end - kLeft) << "' height='" << pixels(kHeight - kTop - kBottom) << "'/>\n";
  }
  frame.write_axes(out);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    if (column.expected.empty()) continue;
    const double from = frame.x(column.from_s);
    const double to = i + 1 < columns_.size() ? frame.x(columns_[i + 1].from_s) : kWidth - kRight;
    const double top = frame.y(column.expected.high);
    out << "<rect class='expected' x='" << pixels(from) << "' y='" << pixels(top) << "' width='"
        << pixels(std::max(to - from, 1.0)) << "' height='"
        << pixels(std::max(frame.y(column.expected.low) - top, 1.0)) << "'/>\n";
  }
  out << "<path class='series' d='";
  char command = 'M';
  for (const Column& column : columns_) {
    if (column.values.empty()) continue;
    const std::string x = pixels(frame.x(column.from_s));
    out << command << x << ' ' << pixels(frame.y(column.values.high));
    command = 'L';
    if (column.values.low != column.values.high) {
      out << 'L' << x << ' ' << pixels(frame.y(column.values.low));
    }
  }
  out << "'/>\n";
  for (const Column& column : columns_) {
    if (!column.alarm) continue;
    out << "<path class='alarm' d='M" << pixels(frame.x(column.from_s)) << ' ' << pixels(kTop)
        << 'v' << pixels(kHeight - kTop - kBottom) << "'><title>" << time_text(column.from_s)
        << ": " << number(column.values.low);
    if (column.values.low != column.values.high) out << ".." << number(column.values.high);
    out << "</title></path>\n";
  }
  out << "</svg>\n";
}

}  // namespace tocsin::app
