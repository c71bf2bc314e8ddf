#include "src/rules/condition.hpp"

#include <string>
#include <utility>

namespace tocsin::rules {
namespace {

constexpr std::string_view kExpected = "a predicate such as service = \"x\" and metric > 3";

}  // namespace

std::optional<Condition> read_condition(const settings::Node& node,
                                        settings::Complaints& complaints) {
  const std::string* text = settings::read_text(node, kExpected, complaints);
  if (text == nullptr) return std::nullopt;
  Result<query::Predicate> predicate = query::Predicate::parse(*text);
  if (!predicate) {
    const Error& error = predicate.error();
    complaints.add(error.code, node.scalar.position(error.where), error.text);
    return std::nullopt;
  }
  return Condition{*text, std::move(predicate).value(), {complaints.file(), node.position}};
}

std::optional<Condition> read_condition(settings::MapReader& map, std::string_view key) {
  const settings::NodePtr* node = map.find(key);
  if (node == nullptr) return std::nullopt;
  return read_condition(**node, map.complaints());
}

std::optional<Condition> require_condition(settings::MapReader& map, std::string_view key) {
  const settings::NodePtr* node = map.require(key, kExpected);
  if (node == nullptr) return std::nullopt;
  return read_condition(**node, map.complaints());
}

std::optional<Condition> condition_of_series(const settings::Node& name,
                                             settings::Complaints& complaints) {
  const std::string* text =
      settings::read_text(name, "the name of a series or {where: PREDICATE}", complaints);
  if (text == nullptr) return std::nullopt;
  std::string written = "service = \"";
  for (const char c : *text) {
    if (c == '"' || c == '\\') written += '\\';
    written += c;
  }
  written += '"';
  Result<query::Predicate> predicate = query::Predicate::parse(written);
  if (!predicate) {
    settings::complain(name, "the name of a series", complaints, predicate.error().code);
    return std::nullopt;
  }
  return Condition{
      std::move(written), std::move(predicate).value(), {complaints.file(), name.position}};
}

}  // namespace tocsin::rules
