#include "src/app/metrics_text.hpp"

#include <charconv>

namespace tocsin::app {

void MetricsText::metric(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void MetricsText::begin(Labels labels) {
  text_ += name_;
  if (labels.size() == 0) return;
  char separator = '{';
  for (const auto& [name, value] : labels) {
    text_.push_back(separator);
    text_.append(name).append("=\"");
    for (const char c : value) {
      if (c == '\n') {
        text_ += "\\n";
      } else {
        if (c == '"' || c == '\\') text_.push_back('\\');
        text_.push_back(c);
      }
    }
    text_.push_back('"');
    separator = ',';
  }
  text_.push_back('}');
}

void MetricsText::sample(Labels labels, std::uint64_t value) {
  begin(labels);
  text_.append(" ").append(std::to_string(value)).append("\n");
}

void MetricsText::sample(Labels labels, double value) {
  begin(labels);
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  text_.append(" ").append(digits, end.ptr).append("\n");
}

}  // namespace tocsin::app
