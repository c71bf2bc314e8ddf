// A record to try operations on, and what became of it.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/rules/parse/operation.hpp"
#include "src/rules/parse/record.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::parse::test {

using Texts = std::map<std::string, std::string>;

// Names that live as long as the tests, for records keep views of them.
inline const FieldName& name(const std::string& text) {
  static std::map<std::string, FieldName> names;
  return names.try_emplace(text, FieldName::parse(text)).first->second;
}

class Rig {
 public:
  // An event of which this is the description, with text attributes.
  explicit Rig(std::string message = {},
               std::initializer_list<std::pair<std::string, std::string>> attributes = {})
      : message_(std::move(message)), attributes_(attributes) {
    for (const auto& [key, value] : attributes_) views_.push_back({key, value});
    EventView event;
    event.time = TimePoint(std::chrono::seconds(1'700'000'000));
    event.host = "web-1";
    event.service = "app";
    event.description = message_;
    event.attributes = views_;
    record.assign(event);
  }

  Outcome apply(const Operation& operation) {
    const auto memory = operation.make_memory();
    return operation.apply(record, memory.get());
  }
  // Kept, for the record's new fields bear its names.
  Outcome apply(OperationPtr operation) {
    operations_.push_back(std::move(operation));
    return apply(*operations_.back());
  }

  void set(const std::string& field, const Value& value) {
    REQUIRE(record.set(name(field), value));
  }
  void set_list(const std::string& field, std::initializer_list<std::string_view> texts) {
    const auto list = record.arena().array<Value>(texts.size());
    std::size_t i = 0;
    for (const std::string_view text : texts) list[i++] = Value::text(text);
    set(field, Value::list(list));
  }
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  [[nodiscard]] Value find(const std::string& field) const { return record.find(name(field)); }
  // As its attribute would be; "(none)" when there is no such field.
  [[nodiscard]] std::string text(const std::string& field) const {
    const Value value = find(field);
    return value.is_none() ? "(none)" : std::string(as_text(value, record.arena()));
  }
  [[nodiscard]] Texts attributes() {
    Texts texts;
    for (const AttributeView& attribute : record.view().attributes) {
      texts.emplace(attribute.key, attribute.value);
    }
    return texts;
  }
  [[nodiscard]] std::vector<std::string> tags() const {
    return {record.tags().begin(), record.tags().end()};
  }

  Record record;

 private:
  std::vector<OperationPtr> operations_;
  std::string message_;
  std::vector<std::pair<std::string, std::string>> attributes_;
  std::vector<AttributeView> views_;
};

// Made, or the test ends with what was wrong.
template <class T>
T made(Result<T> result) {
  if (!result) FAIL(result.error().message());
  return *std::move(result);
}

}  // namespace tocsin::rules::parse::test
