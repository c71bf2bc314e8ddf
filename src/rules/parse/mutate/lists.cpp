#include "src/rules/parse/mutate/lists.hpp"

#include <algorithm>

namespace tocsin::rules::parse {
namespace {

constexpr std::string_view kBlanks = " \t\n\v\f\r";

// Calls add(part) for each part of `text`.
template <class Add>
void for_each_part(std::string_view text, std::string_view separator, Add&& add) {
  if (separator == " ") {
    std::size_t begin = text.find_first_not_of(kBlanks);
    while (begin != std::string_view::npos) {
      const std::size_t end = std::min(text.find_first_of(kBlanks, begin), text.size());
      add(text.substr(begin, end - begin));
      begin = text.find_first_not_of(kBlanks, end);
    }
    return;
  }
  // What stands behind the last text that is not empty is left out.
  std::size_t used = text.size();
  while (used >= separator.size() && text.substr(0, used).ends_with(separator)) {
    used -= separator.size();
  }
  text = text.substr(0, used);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    add(text.substr(0, end));
    text.remove_prefix(std::min(end + separator.size(), text.size()));
  }
}

Value split(std::string_view text, std::string_view separator, TextArena& arena) {
  std::size_t count = 0;
  for_each_part(text, separator, [&count](std::string_view) { ++count; });
  const auto list = arena.array<Value>(count);
  std::size_t next = 0;
  for_each_part(text, separator, [&](std::string_view part) { list[next++] = Value::text(part); });
  return Value::list(list);
}

Value join(std::span<const Value> elements, std::string_view separator, TextArena& arena) {
  std::string_view texts[2];
  std::size_t size = 0;
  const auto shown = arena.array<std::string_view>(elements.size());
  for (std::size_t i = 0; i < elements.size(); ++i) {
    shown[i] = as_text(elements[i], arena);
    size += shown[i].size() + separator.size();
  }
  char* const begin = arena.allocate(size);
  char* at = begin;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    texts[0] = i == 0 ? std::string_view() : separator;
    texts[1] = shown[i];
    for (const std::string_view text : texts) {
      text.copy(at, text.size());
      at += text.size();
    }
  }
  return Value::text({begin, static_cast<std::size_t>(at - begin)});
}

class Separate final : public Operation {
 public:
  Separate(Separations separations, bool splits)
      : separations_(std::move(separations)), splits_(splits) {}

  Outcome apply(Record& record, Memory*) const override {
    bool taken = true;
    for (const auto& [field, separator] : separations_) {
      const Value value = record.find(field);
      if (splits_ && value.is_text()) {
        taken = record.set(field, split(value.text(), separator, record.arena())) && taken;
      } else if (!splits_ && value.is_list()) {
        taken = record.set(field, join(value.list(), separator, record.arena())) && taken;
      }
    }
    return taken ? Outcome::kDone : Outcome::kFailed;
  }
  std::string explain(const Record&, const Memory*) const override {
    return splits_ ? "a field cannot hold a list" : "a field cannot hold the text of its list";
  }

 private:
  Separations separations_;
  bool splits_;
};

class Merge final : public Operation {
 public:
  explicit Merge(std::vector<std::pair<FieldName, FieldName>> merges)
      : merges_(std::move(merges)) {}

  Outcome apply(Record& record, Memory*) const override {
    bool taken = true;
    for (const auto& [to, from] : merges_) {
      const Value more = record.find(from);
      if (more.is_none()) continue;
      const Value value = concatenated(record.find(to), more, record.arena());
      taken = record.set(to, value) && taken;
    }
    return taken ? Outcome::kDone : Outcome::kFailed;
  }
  std::string explain(const Record&, const Memory*) const override {
    return "a field cannot hold what was to be merged into it";
  }

 private:
  std::vector<std::pair<FieldName, FieldName>> merges_;
};

}  // namespace

OperationPtr make_split(Separations separations) {
  return std::make_unique<Separate>(std::move(separations), true);
}

OperationPtr make_join(Separations separations) {
  return std::make_unique<Separate>(std::move(separations), false);
}

OperationPtr make_merge(std::vector<std::pair<FieldName, FieldName>> merges) {
  return std::make_unique<Merge>(std::move(merges));
}

}  // namespace tocsin::rules::parse
