#include "src/rules/parse/dissect_operation.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace tocsin::rules::parse {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

struct Part {
  enum class What : std::uint8_t { kField, kSkipped, kAdded, kNamed } what = What::kField;
  FieldName name;
  std::size_t order = 0;    // kAdded: among those of its name
  std::size_t key = kNone;  // kNamed: the part whose text is the name
  bool padded = false;
  std::string delimiter;  // behind it; empty: the rest of the text
};

struct Mapping {
  std::string prefix;
  std::vector<Part> parts;
  // Fields that are put together: their parts in the order in which they go into it.
  struct Sum {
    FieldName name;
    std::vector<std::size_t> parts;
  };
  std::vector<Sum> sums;
};

Error complaint(std::size_t at, std::string text) {
  return Error{Errc::kSyntax, "1:" + std::to_string(at + 1), std::move(text)};
}

// What stands between the braces.
Result<Part> read_part(std::string_view token, std::size_t at) {
  Part part;
  if (token.ends_with("->")) {
    part.padded = true;
    token.remove_suffix(2);
  }
  if (token.empty()) {
    part.what = Part::What::kSkipped;
    return part;
  }
  switch (token.front()) {
    case '?':
    case '*':
      part.what = Part::What::kSkipped;
      break;
    case '+':
      part.what = Part::What::kAdded;
      break;
    case '&':
      part.what = Part::What::kNamed;
      break;
    default:
      part.name = FieldName::parse(token);
      return part;
  }
  token.remove_prefix(1);
  if (const std::size_t slash = token.rfind('/');
      part.what == Part::What::kAdded && slash != std::string_view::npos) {
    const std::string_view digits = token.substr(slash + 1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), part.order);
    if (error != std::errc() || end != digits.data() + digits.size()) {
      return complaint(at, "found '" + std::string(digits) +
                               "' as the order of an added field, expected a number");
    }
    token.remove_suffix(digits.size() + 1);
  }
  if (token.empty() && part.what != Part::What::kSkipped) {
    return complaint(at, "found a field without a name, expected one, such as %{+time}");
  }
  part.name = FieldName::parse(token);
  return part;
}

// Names that %{&a} refers to.
Result<void> connect(Mapping& mapping, const std::vector<std::size_t>& places) {
  for (std::size_t i = 0; i < mapping.parts.size(); ++i) {
    Part& part = mapping.parts[i];
    if (part.what == Part::What::kNamed) {
      for (std::size_t k = 0; k < mapping.parts.size(); ++k) {
        const Part& key = mapping.parts[k];
        if (key.what == Part::What::kSkipped && key.name == part.name) part.key = k;
      }
      if (part.key == kNone) {
        return complaint(places[i], "found %{&" + part.name.text() + "}, expected %{?" +
                                        part.name.text() + "} or %{*" + part.name.text() +
                                        "} as well, which finds its name");
      }
    } else if (part.what == Part::What::kAdded) {
      const auto sum = std::ranges::find_if(
          mapping.sums, [&](const Mapping::Sum& s) { return s.name == part.name; });
      if (sum != mapping.sums.end()) continue;
      Mapping::Sum& made = mapping.sums.emplace_back(Mapping::Sum{part.name, {}});
      for (std::size_t k = 0; k < mapping.parts.size(); ++k) {
        const Part& other = mapping.parts[k];
        const bool belongs = other.what == Part::What::kField || other.what == Part::What::kAdded;
        if (belongs && other.name == part.name) made.parts.push_back(k);
      }
      std::ranges::stable_sort(made.parts, {},
                               [&](std::size_t k) { return mapping.parts[k].order; });
    }
  }
  return {};
}

Result<Mapping> read_mapping(std::string_view text) {
  Mapping mapping;
  std::vector<std::size_t> places;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t begin = std::min(text.find("%{", at), text.size());
    std::string& literal = mapping.parts.empty() ? mapping.prefix : mapping.parts.back().delimiter;
    literal = text.substr(at, begin - at);
    if (begin == text.size()) break;
    if (!mapping.parts.empty() && literal.empty()) {
      return complaint(begin, "found two fields side by side, expected a delimiter between them");
    }
    const std::size_t end = text.find('}', begin);
    if (end == std::string_view::npos) {
      return complaint(begin, "found a field that is not closed, expected '}'");
    }
    auto part = read_part(text.substr(begin + 2, end - begin - 2), begin);
    if (!part) return part.error();
    mapping.parts.push_back(*std::move(part));
    places.push_back(begin);
    at = end + 1;
  }
  if (mapping.parts.empty()) {
    return complaint(0, "found a mapping without a field, expected one such as '%{a} %{b}'");
  }
  if (auto connected = connect(mapping, places); !connected) return connected.error();
  return mapping;
}

class Dissect final : public Operation {
 public:
  Dissect(DissectOptions options, Mapping mapping)
      : options_(std::move(options)), mapping_(std::move(mapping)) {
    for (const DissectOptions::Conversion& conversion : options_.convert) {
      tags_.push_back("_dataconversionuncoercible_" + conversion.field.text() +
                      (conversion.to_integer ? "_int" : "_float"));
    }
  }

  Outcome apply(Record& record, Memory*) const override {
    const Value value = record.find(options_.field);
    if (value.is_none()) return Outcome::kSkipped;
    const std::string_view text = as_text(value, record.arena());
    const auto texts = record.arena().array<std::string_view>(mapping_.parts.size());
    if (take_apart(text, texts) != kNone) return Outcome::kFailed;
    if (!store(texts, record)) return Outcome::kFailed;
    convert(record);
    return Outcome::kDone;
  }

  std::string explain(const Record& record, const Memory*) const override {
    const std::string_view text = as_text(record.find(options_.field), record.arena());
    const auto texts = record.arena().array<std::string_view>(mapping_.parts.size());
    const std::size_t failed = take_apart(text, texts);
    if (failed == kNone) return "a field cannot hold what was found for it";
    if (failed == mapping_.parts.size()) {
      return "found '" + std::string(text.substr(0, mapping_.prefix.size())) +
             "' at the beginning, expected '" + mapping_.prefix + "'";
    }
    const Part& part = mapping_.parts[failed];
    const auto from = static_cast<std::size_t>(texts[failed].data() - text.data());
    return "found no '" + part.delimiter + "' behind %{" + part.name.text() +
           "}, which begins at column " + std::to_string(from + 1);
  }

 private:
  // kNone: all was found. Else the part whose delimiter was not, with `texts` of it where it
  // begins; the number of parts for the prefix.
  std::size_t take_apart(std::string_view text, std::span<std::string_view> texts) const {
    if (!text.starts_with(mapping_.prefix)) return mapping_.parts.size();
    text.remove_prefix(mapping_.prefix.size());
    for (std::size_t i = 0; i < mapping_.parts.size(); ++i) {
      const Part& part = mapping_.parts[i];
      texts[i] = text;
      if (part.delimiter.empty()) continue;  // the last one
      const std::size_t end = part.delimiter.size() == 1 ? text.find(part.delimiter.front())
                                                         : text.find(part.delimiter);
      if (end == std::string_view::npos) return i;
      texts[i] = text.substr(0, end);
      text.remove_prefix(end + part.delimiter.size());
      while (part.padded && text.starts_with(part.delimiter)) {
        text.remove_prefix(part.delimiter.size());
      }
    }
    return kNone;
  }

  bool store(std::span<const std::string_view> texts, Record& record) const {
    bool taken = true;
    for (std::size_t i = 0; i < mapping_.parts.size(); ++i) {
      const Part& part = mapping_.parts[i];
      if (part.what == Part::What::kField) {
        taken = record.set(part.name, Value::text(texts[i])) && taken;
      } else if (part.what == Part::What::kNamed && !texts[part.key].empty()) {
        taken = record.set(FieldKey(texts[part.key]), Value::text(texts[i])) && taken;
      }
    }
    for (const Mapping::Sum& sum : mapping_.sums) {
      std::string_view all = texts[sum.parts.front()];
      for (const std::size_t part : std::span(sum.parts).subspan(1)) {
        // What stood before it; of the first part what stood behind it.
        const std::string_view before = mapping_.parts[part == 0 ? 0 : part - 1].delimiter;
        all = record.arena().join({all, before, texts[part]});
      }
      taken = record.set(sum.name, Value::text(all)) && taken;
    }
    return taken;
  }

  void convert(Record& record) const {
    for (std::size_t i = 0; i < options_.convert.size(); ++i) {
      const DissectOptions::Conversion& conversion = options_.convert[i];
      const Value value = record.find(conversion.field);
      const std::optional<std::int64_t> whole = as_integer(value);
      const std::optional<double> number = as_number(value);
      constexpr double kMost = 9.2e18;
      if (conversion.to_integer && whole) {
        (void)record.set(conversion.field, Value::integer(*whole));
      } else if (conversion.to_integer && number && std::abs(*number) < kMost) {
        (void)record.set(conversion.field, Value::integer(static_cast<std::int64_t>(*number)));
      } else if (!conversion.to_integer && number) {
        (void)record.set(conversion.field, Value::real(*number));
      } else {
        record.add_tag(tags_[i]);
      }
    }
  }

  DissectOptions options_;
  Mapping mapping_;
  std::vector<std::string> tags_;  // by conversion
};

}  // namespace

Result<OperationPtr> make_dissect(DissectOptions options) {
  auto mapping = read_mapping(options.mapping);
  if (!mapping) return mapping.error();
  return OperationPtr(std::make_unique<Dissect>(std::move(options), *std::move(mapping)));
}

}  // namespace tocsin::rules::parse
