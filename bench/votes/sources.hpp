// The series that votes_bench works on.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace tocsin::bench {

using Points = std::vector<double>;

// The sixteen families that statsd sends, of those that the history is measured with, in turn.
[[nodiscard]] std::vector<Points> statsd_series(std::size_t count, std::size_t points);
// And noise of full precision, and ratios.
[[nodiscard]] std::vector<Points> ordinary_series(std::size_t count, std::size_t points);
// The same with a spike in every 4,000 points, and a shift by half that lasts two hours.
[[nodiscard]] std::vector<Points> eventful_series(std::size_t count, std::size_t points);
// Files with lines "timestamp,value", each repeated until there are so many points. Times are not
// looked at: one point is taken for each step. Exits with a message when there is no number.
[[nodiscard]] std::vector<Points> series_of_files(const std::vector<std::string>& paths,
                                                  std::size_t points);

}  // namespace tocsin::bench
