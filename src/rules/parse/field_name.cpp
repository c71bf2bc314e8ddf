#include "src/rules/parse/field_name.hpp"

#include <utility>

namespace tocsin::rules::parse {
namespace {

struct NamedRole {
  std::string_view name;
  FieldRole role;
};
constexpr NamedRole kRoles[] = {{"host", FieldRole::kHost},
                                {"service", FieldRole::kService},
                                {"state", FieldRole::kState},
                                {"message", FieldRole::kMessage},
                                {"description", FieldRole::kMessage},
                                {"metric", FieldRole::kMetric},
                                {"ttl", FieldRole::kTtl},
                                {"@timestamp", FieldRole::kTime},
                                {"tags", FieldRole::kTags}};

// "[a][b]" as "a.b"; empty when the text is not of that form.
std::string with_dots(std::string_view reference) {
  std::string name;
  while (!reference.empty()) {
    const std::size_t end = reference.find(']');
    if (reference.front() != '[' || end == std::string_view::npos || end == 1) return {};
    const std::string_view key = reference.substr(1, end - 1);
    if (key.find('[') != std::string_view::npos) return {};
    if (!name.empty()) name += '.';
    name += key;
    reference.remove_prefix(end + 1);
  }
  return name;
}

}  // namespace

FieldRole role_of(std::string_view name) noexcept {
  for (const NamedRole& known : kRoles) {
    if (known.name == name) return known.role;
  }
  return FieldRole::kAttribute;
}

FieldName::FieldName(std::string text)
    : text_(std::move(text)), hash_(name_hash(text_)), role_(role_of(text_)) {}

FieldName FieldName::parse(std::string_view reference) {
  std::string dotted = with_dots(reference);
  return FieldName(dotted.empty() ? std::string(reference) : std::move(dotted));
}

}  // namespace tocsin::rules::parse
