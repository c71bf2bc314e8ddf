// The fields that a predicate can name.
#pragma once

#include <cstdint>
#include <string_view>

namespace tocsin::query {

enum class Field : std::uint8_t {
  kHost,
  kService,
  kTags,
  kState,
  kDescription,
  kMetric,
  kTime,       // compares as seconds since the epoch
  kTtl,        // compares as seconds
  kAttribute,  // every other name
};

inline constexpr std::string_view kFieldNames[] = {"host",        "service", "tags", "state",
                                                   "description", "metric",  "time", "ttl"};

// Precondition: not kAttribute, whose names are many.
[[nodiscard]] constexpr std::string_view to_string(Field field) noexcept {
  return kFieldNames[static_cast<std::uint8_t>(field)];
}

[[nodiscard]] constexpr Field field_named(std::string_view name) noexcept {
  std::uint8_t index = 0;
  for (const std::string_view known : kFieldNames) {
    if (known == name) return static_cast<Field>(index);
    ++index;
  }
  return Field::kAttribute;
}

[[nodiscard]] constexpr bool is_numeric(Field field) noexcept {
  return field == Field::kMetric || field == Field::kTime || field == Field::kTtl;
}

// A set of fields, one bit each.
class FieldSet {
 public:
  constexpr FieldSet() = default;
  constexpr void insert(Field field) noexcept {
    bits_ = static_cast<std::uint16_t>(bits_ | bit(field));
  }
  [[nodiscard]] constexpr bool contains(Field field) const noexcept {
    return (bits_ & bit(field)) != 0;
  }

 private:
  static constexpr std::uint16_t bit(Field field) noexcept {
    return static_cast<std::uint16_t>(1U << static_cast<std::uint8_t>(field));
  }
  std::uint16_t bits_ = 0;
};

}  // namespace tocsin::query
