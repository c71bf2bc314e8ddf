// PreparedList: what of a value list is the same in every interval, worked out. A list that comes
// again (ListCache) needs nothing else but its time and values.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/collectd/rate_table.hpp"
#include "ingest/collectd/types_db.hpp"
#include "ingest/collectd/value_list.hpp"

namespace tocsin::collectd {

// A name as one text, which the texts of an event are parts of: host, NUL, service.
//   service := plugin[-plugin_instance]/type[-type_instance]
// without the '/' when there is no type (of a notification), without a '-' that joins nothing.
class SeriesText {
 public:
  SeriesText() = default;
  static constexpr std::size_t kMostBytes = 0xFFFF;

  // Writes `name` at `to`, where there is room for max_bytes(name), which is not above kMostBytes.
  // `to` must stay as it is.
  SeriesText(char* to, const SeriesName& name) noexcept;
  // The same text somewhere else: `to` holds a copy of it.
  SeriesText(const char* to, const SeriesText& other) noexcept;

  [[nodiscard]] static std::size_t max_bytes(const SeriesName& name) noexcept;

  [[nodiscard]] std::string_view text() const noexcept { return {text_, bytes_}; }
  [[nodiscard]] std::string_view service() const noexcept {
    return text().substr(host_bytes_ + 1u);
  }
  [[nodiscard]] SeriesName name() const noexcept {
    return {{text_, host_bytes_},
            view(plugin_),
            view(plugin_instance_),
            view(type_),
            view(type_instance_)};
  }

 private:
  struct Part {
    std::uint16_t at = 0;
    std::uint16_t bytes = 0;
  };
  [[nodiscard]] std::string_view view(Part part) const noexcept {
    return {text_ + part.at, part.bytes};
  }

  const char* text_ = nullptr;
  std::uint16_t bytes_ = 0;
  std::uint16_t host_bytes_ = 0;
  Part plugin_;
  Part plugin_instance_;
  Part type_;
  Part type_instance_;
};

struct PreparedList {
  SeriesText series;
  RateTable::Key key = 0;
  std::chrono::nanoseconds interval{0};  // the listener's default if none was sent
  const DataSet* sources = nullptr;      // null: nobody knows their names
  bool is_odd = false;                   // types.db knows another number of them
};

}  // namespace tocsin::collectd
