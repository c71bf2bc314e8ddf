// TypesDb: the data sources of collectd's types, as types.db tells them.
//   line := type blank source (separator source)*     separator: "," or blanks, or both
//   source := name ":" ("COUNTER"|"GAUGE"|"DERIVE"|"ABSOLUTE") ":" bound ":" bound
//   bound := number | "U"                       U: unbounded
// Lines that are empty or begin with '#' say nothing. A type that is given again replaces the one
// before, as collectd does when it reads several files.
// Errors:  kSyntax with line and column; kLimit: more than 64 sources in a type.
// Threads: immutable once parsed.
// Cost:    a look-up is a hash of the ends of the name and one comparison.
// Source:  types.db(5) of collectd 5.12.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/collectd/value_list.hpp"
#include "tocsin/result.hpp"

namespace tocsin::collectd {

struct DataSource {
  std::string name;
  DsType type = DsType::kGauge;
  double min = -std::numeric_limits<double>::infinity();  // of the rate; of the value for a gauge
  double max = std::numeric_limits<double>::infinity();
};

using DataSet = std::vector<DataSource>;  // never empty

class TypesDb {
 public:
  // `text`: a whole file. `file`: its name, for errors.
  [[nodiscard]] static Result<TypesDb> parse(std::string_view text, std::string_view file);

  // Adds what `other` knows; its types win.
  void merge(const TypesDb& other);

  // Null: no such type. Valid as long as this object.
  [[nodiscard]] const DataSet* find(std::string_view type) const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  struct Type {
    std::string name;  // empty: the slot is free
    DataSet sources;
  };

  void set(std::string_view name, DataSet sources);
  [[nodiscard]] std::size_t place(std::string_view name) const noexcept;

  std::vector<Type> slots_;  // a power of two of them, at most half in use
  std::size_t size_ = 0;
};

}  // namespace tocsin::collectd
