// TypesDb: the data sources of collectd's types, as types.db tells them.
//   line := type blank source ("," source)*     blanks around "," are allowed
//   source := name ":" ("COUNTER"|"GAUGE"|"DERIVE"|"ABSOLUTE") ":" bound ":" bound
//   bound := number | "U"                       U: unbounded
// Lines that are empty or begin with '#' say nothing. A type that is given again replaces the one
// before, as collectd does when it reads several files.
// Errors:  kSyntax with line and column; kLimit: more than 64 sources in a type.
// Threads: immutable once parsed.
// Source:  types.db(5) of collectd 5.12.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
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
  void merge(TypesDb other);

  // Null: no such type. Valid as long as this object.
  [[nodiscard]] const DataSet* find(std::string_view type) const;
  [[nodiscard]] std::size_t size() const noexcept { return types_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };

  std::unordered_map<std::string, DataSet, Hash, std::equal_to<>> types_;
};

}  // namespace tocsin::collectd
