// Date: the text of a field becomes the time of the event.
// Formats are tried in order, the first that reads all of the text counts. The year of a time that
// says none is that of the record's time so far.
// kSkipped: the field is missing.
// Cost:    a time that is the same text as that of the line before is not read again: lines come
//          many to a second.
// Source:  Logstash's date filter, as described in the reference of grok, section 5.
#pragma once

#include <string>
#include <vector>

#include "src/base/time_zone.hpp"
#include "src/rules/parse/operation.hpp"
#include "src/rules/parse/text_template.hpp"
#include "src/rules/parse/time_format.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::parse {

struct DateOptions {
  FieldName field;
  std::vector<TimeFormat> formats;
  std::vector<std::string> format_texts;  // for people
  // Of times that say none: "UTC", "local", "+05:30", "Europe/Berlin"; or %{field}, which is looked
  // up for each event.
  std::string timezone = "UTC";
  FieldName target = FieldName::parse("@timestamp");  // another field gets RFC 3339
};

// Errors: kUnknownName, kRange of the time zone.
[[nodiscard]] Result<OperationPtr> make_date(DateOptions options);

}  // namespace tocsin::rules::parse
