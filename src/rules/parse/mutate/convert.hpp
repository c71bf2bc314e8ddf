// Convert: gives values another type.
//
//     integer, float   as much of the beginning as is a number, commas in it passed over; 0 when
//                      nothing is: "1,234.5ms" is 1234 and 1234.5
//     integer_eu ...   the same with points for commas and commas for points: "1.234,5"
//     boolean          true t yes y 1 1.0, false f no n 0 0.0, in any case; empty is false. What is
//                      none of these stays as it is
//     string           as it would be written
//
// Of a list each element. Truth values are 1 and 0 as numbers.
// Source:  Logstash's mutate filter.
#pragma once

#include <utility>
#include <vector>

#include "src/rules/parse/operation.hpp"

namespace tocsin::rules::parse {

enum class ValueType : std::uint8_t { kInteger, kFloat, kIntegerEu, kFloatEu, kString, kBoolean };

using Conversions = std::vector<std::pair<FieldName, ValueType>>;

[[nodiscard]] OperationPtr make_convert(Conversions conversions);

}  // namespace tocsin::rules::parse
