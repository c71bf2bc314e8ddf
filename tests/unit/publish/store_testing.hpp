// Shared by the tests of stores: short ways to make records, to ask a store, and to look at files.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tocsin/store.hpp"

namespace tocsin::publish {

[[nodiscard]] inline Record value(std::string key, std::string bytes,
                                  std::chrono::milliseconds ttl = {}) {
  Record record;
  record.key = std::move(key);
  record.value = std::move(bytes);
  record.ttl = ttl;
  return record;
}

[[nodiscard]] inline Record member(std::string index, std::string name,
                                   std::chrono::milliseconds ttl = {}) {
  Record record;
  record.kind = Record::Kind::kMember;
  record.key = std::move(index);
  record.member = std::move(name);
  record.ttl = ttl;
  return record;
}

[[nodiscard]] inline Record urgent(Record record) {
  record.urgent = true;
  return record;
}

inline void put(ResultStore& store, const std::vector<Record>& records) {
  store.put(records);
}

[[nodiscard]] inline std::uint64_t cause(const ResultStore& store, std::string_view name) {
  for (const StoreCause& known : store.causes()) {
    if (known.name == name) return known.count;
  }
  return 0;
}

[[nodiscard]] inline std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void spit(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// The identity that every store promises.
inline void check_conservation(const StoreCounters& counters) {
  CHECK(counters.accepted == counters.stored + counters.superseded + counters.dropped +
                                 counters.refused + counters.pending);
}

// A directory that goes with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "tocsin-test-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace tocsin::publish
