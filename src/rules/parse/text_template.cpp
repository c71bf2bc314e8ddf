#include "src/rules/parse/text_template.hpp"

#include <cstring>

namespace tocsin::rules::parse {

TextTemplate TextTemplate::parse(std::string_view text) {
  TextTemplate made;
  made.text_ = text;
  std::string literal;
  while (true) {
    const std::size_t begin = text.find("%{");
    const std::size_t end = begin == std::string_view::npos ? begin : text.find('}', begin);
    if (end == std::string_view::npos) break;
    const std::string_view field = text.substr(begin + 2, end - begin - 2);
    if (field.empty() || field.front() == '+') {
      literal += text.substr(0, end + 1);
    } else {
      literal += text.substr(0, begin);
      made.parts_.push_back({std::move(literal), FieldName::parse(field),
                             std::string(text.substr(begin, end + 1 - begin))});
      literal.clear();
    }
    text.remove_prefix(end + 1);
  }
  made.rest_ = literal + std::string(text);
  return made;
}

std::string_view TextTemplate::expand(const Record& record) const {
  if (is_constant()) return text_;
  const auto shown = [&record](const Part& part) -> std::string_view {
    const Value value = record.find(part.field);
    return value.is_none() ? std::string_view(part.spelling) : as_shown(value, record.arena());
  };
  TextArena& arena = record.arena();
  if (parts_.size() == 1) {
    return arena.join({parts_.front().before, shown(parts_.front()), rest_});
  }
  const std::span<std::string_view> texts = arena.array<std::string_view>(parts_.size());
  std::size_t size = rest_.size();
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    texts[i] = shown(parts_[i]);
    size += parts_[i].before.size() + texts[i].size();
  }
  char* const memory = arena.allocate(size);
  char* at = memory;
  const auto write = [&at](std::string_view text) {
    text.copy(at, text.size());
    at += text.size();
  };
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    write(parts_[i].before);
    write(texts[i]);
  }
  write(rest_);
  return {memory, size};
}

}  // namespace tocsin::rules::parse
