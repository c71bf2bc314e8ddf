// Json: the members of a JSON object in a field become fields.
//
//     {"http": {"status": 200}, "tags": ["a"], "note": null}
//       http.status = 200, tags = a, note is null
//
// Members of objects have dots in their names; lists of texts, numbers and truth values are lists,
// others are JSON text; integers beyond 64 bits are text. Fields are replaced. With a target all of
// it goes below that field, and then the text may also be a list or a single value.
// kSkipped: the field is missing; or the text is no JSON, and that was said to be no failure.
// Limits:  32 levels of objects; Record::kMaxFields.
// Cost:    one copy and one pass; no allocation in the steady state.
// Source:  Logstash's json filter, as described in the reference of grok, section 5; RFC 8259.
//          Departure: a number that no double holds (1e999) is no JSON.
#pragma once

#include <optional>

#include "src/rules/parse/operation.hpp"

namespace tocsin::rules::parse {

struct JsonOptions {
  FieldName field;
  std::optional<FieldName> target;
  bool skip_on_invalid = false;
};

[[nodiscard]] OperationPtr make_json(JsonOptions options);

}  // namespace tocsin::rules::parse
