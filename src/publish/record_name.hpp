// What makes two records the same fact: the key, and within an index the member.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "tocsin/store.hpp"

namespace tocsin::publish {

// Views a record's strings: the record must stay where it is.
struct RecordName {
  std::string_view key;
  std::string_view member;
  Record::Kind kind = Record::Kind::kValue;

  explicit RecordName(const Record& record)
      : key(record.key), member(record.member), kind(record.kind) {}
  RecordName(std::string_view value_key)
      : key(value_key) {}  // NOLINT(*-explicit-*): a value's name
  explicit RecordName(Record&&) = delete;

  friend bool operator==(const RecordName&, const RecordName&) = default;
};

struct RecordNameHash {
  [[nodiscard]] std::size_t operator()(const RecordName& name) const noexcept {
    const std::size_t key = std::hash<std::string_view>{}(name.key);
    if (name.member.empty()) return key;
    return key ^ (std::hash<std::string_view>{}(name.member) * 0x9E3779B97F4A7C15U);
  }
};

// What holding a record costs: its bytes and an allowance for nodes and string headers.
[[nodiscard]] inline std::size_t footprint_bytes(const Record& record) noexcept {
  constexpr std::size_t kOverheadBytes = 256;
  return record.key.size() + record.member.size() + record.value.size() + kOverheadBytes;
}

}  // namespace tocsin::publish
