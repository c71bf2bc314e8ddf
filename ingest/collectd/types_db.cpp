#include "ingest/collectd/types_db.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "ingest/collectd/number.hpp"
#include "ingest/collectd/short_text.hpp"

namespace tocsin::collectd {
namespace {

constexpr std::size_t kMaxSources = 64;

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r';
}

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Cuts the front of `rest` off, up to and without `separator`.
std::string_view cut(std::string_view& rest, char separator) noexcept {
  const std::size_t at = rest.find(separator);
  const std::string_view front = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return front;
}

std::optional<DsType> parse_type(std::string_view word) noexcept {
  if (word == "GAUGE") return DsType::kGauge;
  if (word == "DERIVE") return DsType::kDerive;
  if (word == "COUNTER") return DsType::kCounter;
  if (word == "ABSOLUTE") return DsType::kAbsolute;
  return std::nullopt;
}

// Reads one line; keeps where it stands for the complaint.
class LineReader {
 public:
  LineReader(std::string_view line, std::string_view file, std::size_t number)
      : line_(line), file_(file), number_(number) {}

  Result<DataSet> sources(std::string_view rest) const {
    DataSet set;
    while (!rest.empty()) {
      if (set.size() == kMaxSources) {
        return fail(Errc::kLimit, rest, "more than 64 data sources");
      }
      // collectd splits at blanks and drops a comma at the end of each piece; people write either.
      const std::string_view text = rest.substr(0, rest.find_first_of(", \t\r"));
      Result<DataSource> source = parse_source(text);
      if (!source) return std::move(source).error();
      set.push_back(*std::move(source));
      rest = trim(rest.substr(text.size()));
      if (!rest.starts_with(',')) continue;
      rest = trim(rest.substr(1));
      if (rest.empty())
        return fail(Errc::kSyntax, {}, "found the end, expected a source behind ','");
    }
    return set;
  }

  Error fail(Errc code, std::string_view at, std::string text) const {
    const std::size_t column =
        at.data() == nullptr ? line_.size() : static_cast<std::size_t>(at.data() - line_.data());
    return {code,
            std::string(file_) + ":" + std::to_string(number_) + ":" + std::to_string(column + 1),
            std::move(text)};
  }

 private:
  Result<DataSource> parse_source(std::string_view text) const {
    std::string_view rest = text;
    DataSource source;
    const std::string_view name = cut(rest, ':');
    const std::string_view type = cut(rest, ':');
    const std::string_view min = cut(rest, ':');
    const std::string_view max = rest;
    const std::optional<DsType> known = parse_type(type);
    if (name.empty() || !known || !parse_bound(min, source.min) || !parse_bound(max, source.max)) {
      return fail(
          Errc::kSyntax, text,
          "found '" + std::string(text) + "', expected name:GAUGE|DERIVE|COUNTER|ABSOLUTE:min:max");
    }
    source.name = name;
    source.type = *known;
    return source;
  }

  // "U" leaves `bound` as it is.
  static bool parse_bound(std::string_view text, double& bound) {
    if (text == "U") return true;
    const std::optional<double> number = parse_real(text);
    if (!number || *number != *number) return false;
    bound = *number;
    return true;
  }

  std::string_view line_;
  std::string_view file_;
  std::size_t number_;
};

}  // namespace

Result<TypesDb> TypesDb::parse(std::string_view text, std::string_view file) {
  TypesDb types;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = cut(text, '\n');
    const LineReader reader(line, file, number);
    const std::string_view content = trim(line);
    if (content.empty() || content.front() == '#') continue;
    const std::size_t blank = content.find_first_of(" \t");
    if (blank == std::string_view::npos) {
      return reader.fail(Errc::kSyntax, content,
                         "found '" + std::string(content) + "', expected a type and its sources");
    }
    Result<DataSet> sources = reader.sources(trim(content.substr(blank)));
    if (!sources) return std::move(sources).error();
    types.set(content.substr(0, blank), *std::move(sources));
  }
  return types;
}

void TypesDb::merge(const TypesDb& other) {
  for (const Type& type : other.slots_) {
    if (!type.name.empty()) set(type.name, type.sources);
  }
}

const DataSet* TypesDb::find(std::string_view type) const noexcept {
  if (slots_.empty()) return nullptr;
  const Type& slot = slots_[place(type)];
  return slot.name.empty() ? nullptr : &slot.sources;
}

void TypesDb::set(std::string_view name, DataSet sources) {
  if (2 * (size_ + 1) > slots_.size()) {
    std::vector<Type> old(std::max<std::size_t>(64, slots_.size() * 2));
    old.swap(slots_);
    for (Type& type : old) {
      if (!type.name.empty()) slots_[place(type.name)] = std::move(type);
    }
  }
  Type& slot = slots_[place(name)];
  if (slot.name.empty()) ++size_;
  slot.name = name;
  slot.sources = std::move(sources);
}

// The slot of `name`, or the free one where it belongs. There is always a free one.
std::size_t TypesDb::place(std::string_view name) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash_ends(name) & mask;
  while (!slots_[at].name.empty() && !equal_short(slots_[at].name, name)) at = (at + 1) & mask;
  return at;
}

}  // namespace tocsin::collectd
