// PreparedList: what events say of a value list's name, written out. It is the same in every interval,
// so that a list that comes again (ListCache) needs nothing but its time and values.
// Memory:  texts and attributes grow as they must and never shrink; views and places are within them.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/collectd/rate_table.hpp"
#include "ingest/collectd/types_db.hpp"
#include "ingest/collectd/value_list.hpp"
#include "tocsin/event.hpp"

namespace tocsin::collectd {

struct PreparedList {
  // Attributes behind values_at: ds_name, ds_type, raw_value.
  static constexpr std::size_t kValueAttributes = 3;

  PreparedList() = default;
  // A copy owns all of its texts, whatever the attributes of `other` view. It is as small as it can
  // be: room for the attributes of a value and the name of a data source, and for nothing else.
  PreparedList(const PreparedList& other);
  PreparedList& operator=(const PreparedList&) = delete;

  [[nodiscard]] std::string_view host() const noexcept {
    return {series.data(), static_cast<std::size_t>(service - series.data()) - 1};
  }
  [[nodiscard]] std::string_view service_name() const noexcept {
    return {service, static_cast<std::size_t>(service_end - service)};
  }

  // host, NUL, service, data source; what an event says of its name are parts of it.
  std::string series;
  char* service = nullptr;
  char* type = nullptr;          // in the service, behind '/'
  char* service_end = nullptr;   // without the data source
  std::size_t source_bytes = 0;  // room behind it

  std::vector<AttributeView> attributes;
  AttributeView* type_at = nullptr;    // in them: behind those that neighbours share
  AttributeView* values_at = nullptr;  // behind those that are the same for all values

  const DataSet* sources = nullptr;  // null: nobody knows their names
  bool is_odd = false;               // types.db knows another number of them
  RateTable::Key key = 0;
  std::chrono::nanoseconds interval{0};  // never 0 in a list that was begun
};

}  // namespace tocsin::collectd
