// Writes metrics in Prometheus' text format, version 0.0.4.
// Source: prometheus.io/docs/instrumenting/exposition_formats.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace tocsin::app {

class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // Begins a metric; the samples that follow belong to it. `type`: counter or gauge. Counters end
  // in _total.
  void metric(std::string_view name, std::string_view type, std::string_view help);
  void sample(Labels labels, std::uint64_t value);
  void sample(Labels labels, double value);

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void begin(Labels labels);

  std::string name_;
  std::string text_;
};

}  // namespace tocsin::app
