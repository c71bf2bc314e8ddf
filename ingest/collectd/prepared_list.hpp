// PreparedList: what of a value list is the same in every interval, worked out. A list that comes
// again (ListCache) needs nothing else but its time and values.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "ingest/collectd/decimal.hpp"
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

  // Which of the parts that may be empty are not.
  enum Shape : std::uint8_t { kHasPluginInstance = 1, kHasTypeInstance = 2, kNoShape = 4 };

  [[nodiscard]] std::string_view text() const noexcept { return {text_, bytes_}; }
  [[nodiscard]] std::string_view service() const noexcept {
    return text().substr(host_bytes_ + 1u);
  }
  [[nodiscard]] std::string_view host() const noexcept { return {text_, host_bytes_}; }
  [[nodiscard]] std::string_view plugin() const noexcept { return view(plugin_); }
  [[nodiscard]] std::string_view plugin_instance() const noexcept { return view(plugin_instance_); }
  [[nodiscard]] std::string_view type() const noexcept { return view(type_); }
  [[nodiscard]] std::string_view type_instance() const noexcept { return view(type_instance_); }
  [[nodiscard]] SeriesName name() const noexcept {
    return {host(), plugin(), plugin_instance(), type(), type_instance()};
  }
  [[nodiscard]] Shape shape() const noexcept { return shape_; }

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
  Shape shape_ = kNoShape;
};

struct PreparedList {
  SeriesText series;
  RateTable::Key key = 0;
  std::chrono::nanoseconds interval{0};          // the listener's default if none was sent
  const DataSet* sources = nullptr;              // null: nobody knows their names
  RateTable::Place place = RateTable::kNowhere;  // of the first reading, when it was last seen
  bool is_odd = false;                           // types.db knows another number of sources
};

// The name of the data source `index` of `count`, as far as types.db knows it; else their index,
// or "value" of a single one. May view `buffer`.
[[nodiscard]] std::string_view source_name(const PreparedList& list, std::size_t index,
                                           std::size_t count, DecimalBuffer& buffer) noexcept;

// The texts of each data source of a list that is remembered. They stand behind the series:
//   texts := series name                           of a single source
//   texts := series (service '/' name)*            of several
struct SourceText {
  std::uint16_t service_at = 0;
  std::uint16_t service_bytes = 0;
  std::uint16_t name_at = 0;
  std::uint16_t name_bytes = 0;
};

// How many bytes the texts of `count` sources take.
[[nodiscard]] std::size_t texts_bytes(const PreparedList& list, std::size_t count) noexcept;

// Writes them at `to`, where there is room for texts_bytes(), which is not above
// SeriesText::kMostBytes, and tells in `sources` where they stand.
void write_texts(const PreparedList& list, char* to, std::span<SourceText> sources) noexcept;

}  // namespace tocsin::collectd
