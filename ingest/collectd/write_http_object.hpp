// Reads one object of write_http's JSON.
//   values        values, dstypes, dsnames (arrays of the same length), time, interval (seconds),
//                 host, plugin, plugin_instance, type, type_instance, meta (an object)
//   notification  labels: alertname, instance (the host), severity, and of the series what
//                 collectd kept; annotations: summary (the message) and meta data; startsAt
// A null value is NaN. collectd folds plugin and type of a notification into `alertname`, and one
// instance alone stands under the plugin's name, be it the plugin's or the type's: it is taken as
// the type's. Members that are not known are skipped; of a repeated one the first counts.
// Errors:  Refusal.
// Threads: one per decoder.
// Cost:    a few microseconds and allocations; nothing recurses, however deep the input is.
// Source:  collectd 5.12, utils/format_json/format_json.c.
#pragma once

#include <memory>
#include <string_view>
#include <variant>

#include "ingest/collectd/options.hpp"
#include "ingest/collectd/value_list.hpp"

namespace tocsin::collectd {

class WriteHttpObject {
 public:
  // `options` must outlive the reader.
  explicit WriteHttpObject(const Options& options);
  ~WriteHttpObject();

  // `object`: from '{' to '}'. The views of the answer live until the next call.
  [[nodiscard]] std::variant<ValueList, Notification, Refusal> read(std::string_view object);

 private:
  class Reader;

  std::unique_ptr<Reader> reader_;
};

}  // namespace tocsin::collectd
