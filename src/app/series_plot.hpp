// SeriesPlot: a picture of a series as a detector saw it: its values, the range that was expected,
// and where it alarmed. An SVG that stands alone.
// Memory:  constant: neighbours are drawn as one column, from their least to their largest value,
//          and an alarm among them stays one.
// Threads: one.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::app {

struct PlotPoint {
  double time_s = 0;  // seconds since the epoch; in order
  double value = 0;
  double expected_low = 0;  // NaN or infinite: none known on this side
  double expected_high = 0;
  bool alarm = false;
  bool judged = true;  // false while it was still learned
};

class SeriesPlot {
 public:
  void add(const PlotPoint& point);
  // `title` is any text. Without points the picture says so.
  void write(std::string_view title, std::ostream& out) const;

 private:
  struct Span {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    void take(double value);
    void take(const Span& other);
    [[nodiscard]] bool empty() const { return low > high; }
  };
  struct Column {
    double from_s = 0;
    double to_s = 0;
    Span values;
    Span expected;  // the widest of its points
    std::size_t points = 0;
    bool alarm = false;
    bool judged = false;

    void take(const Column& next);
  };
  class Frame;

  // Makes one of each two neighbours.
  void halve();

  std::vector<Column> columns_;
  std::size_t points_per_column_ = 1;
};

}  // namespace tocsin::app
