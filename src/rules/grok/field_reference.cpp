#include "src/rules/grok/field_reference.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>
#include <system_error>

namespace tocsin::rules::grok {
namespace {

Value* find_element(Array& array, std::string_view key) {
  std::ptrdiff_t index = 0;
  const auto parsed = std::from_chars(key.data(), key.data() + key.size(), index);
  if (parsed.ec != std::errc() || parsed.ptr != key.data() + key.size()) return nullptr;
  const auto size = static_cast<std::ptrdiff_t>(array.size());
  if (index < 0) index += size;
  return index >= 0 && index < size ? &array[static_cast<std::size_t>(index)] : nullptr;
}

Value* find_below(Object& event, std::span<const std::string> keys) {
  Value* value = find(event, keys.front());
  for (const std::string& key : keys.subspan(1)) {
    if (value == nullptr) return nullptr;
    if (Object* const object = value->object()) {
      value = find(*object, key);
    } else if (Array* const array = value->array()) {
      value = find_element(*array, key);
    } else {
      return nullptr;
    }
  }
  return value;
}

Value& find_or_append(Object& object, const std::string& key) {
  if (Value* const value = find(object, key)) return *value;
  return object.emplace_back(Member{key, {}}).value;
}

}  // namespace

FieldReference FieldReference::parse(std::string_view text) {
  FieldReference reference;
  std::string_view rest = text;
  while (rest.starts_with('[')) {
    const std::size_t close = rest.find_first_of("[]", 1);
    if (close == std::string_view::npos || close == 1 || rest[close] == '[') break;
    reference.keys_.emplace_back(rest.substr(1, close - 1));
    rest.remove_prefix(close + 1);
  }
  if (!rest.empty() || text.empty()) reference.keys_.assign(1, std::string(text));
  return reference;
}

FieldReference FieldReference::under(const FieldReference& outer) const {
  FieldReference nested = outer;
  nested.keys_.insert(nested.keys_.end(), keys_.begin(), keys_.end());
  return nested;
}

Value* FieldReference::find(Object& event) const {
  return find_below(event, keys_);
}

const Value* FieldReference::find(const Object& event) const {
  return find_below(const_cast<Object&>(event), keys_);
}

Value* FieldReference::find_or_add(Object& event) const {
  Value* value = &find_or_append(event, keys_.front());
  for (const std::string& key : std::span(keys_).subspan(1)) {
    if (value->is_null()) value->data = Object{};
    Object* const object = value->object();
    if (object == nullptr) return nullptr;
    value = &find_or_append(*object, key);
  }
  return value;
}

bool FieldReference::remove(Object& event) const {
  Object* object = &event;
  if (keys_.size() > 1) {
    Value* const parent = find_below(event, std::span(keys_).first(keys_.size() - 1));
    object = parent == nullptr ? nullptr : parent->object();
  }
  if (object == nullptr) return false;
  return std::erase_if(*object, [&](const Member& m) { return m.key == keys_.back(); }) > 0;
}

}  // namespace tocsin::rules::grok
