#include "src/rules/steps/step_fields.hpp"

namespace tocsin::rules {

using settings::complain;
using settings::Complaints;
using settings::MapReader;
using settings::Node;
using settings::NodePtr;

bool read_field(MapReader& map, std::string_view key, FieldName& out) {
  std::string name;
  if (!map.text(key, name)) return false;
  out = FieldName::parse(name);
  return true;
}

bool read_fields(MapReader& map, std::string_view key, std::vector<FieldName>& out) {
  std::vector<std::string> names;
  if (!read_texts(map, key, names)) return false;
  out.clear();
  for (const std::string& name : names) out.push_back(FieldName::parse(name));
  return true;
}

bool read_texts(MapReader& map, std::string_view key, std::vector<std::string>& out) {
  const NodePtr* const node = map.find(key);
  if (node == nullptr) return false;
  constexpr std::string_view kExpected = "a text or a list of texts";
  if ((*node)->kind == Node::Kind::kMap) {
    complain(**node, kExpected, map.complaints());
    return false;
  }
  std::vector<std::string> texts;
  for (const NodePtr& item : settings::read_list(*node, kExpected, map.complaints())) {
    const std::string* const text = settings::read_text(*item, "a text", map.complaints());
    if (text != nullptr) texts.push_back(*text);
  }
  out = std::move(texts);
  return true;
}

const std::string* read_any_text(const Node& node, std::string_view expected,
                                 Complaints& complaints) {
  if (node.kind == Node::Kind::kScalar) return &node.text();
  complain(node, expected, complaints);
  return nullptr;
}

std::vector<Node::Entry> read_entries(MapReader& map, std::string_view key,
                                      std::string_view expected) {
  const NodePtr* const node = map.find(key);
  if (node == nullptr) return {};
  if ((*node)->kind == Node::Kind::kMap) return (*node)->entries;
  complain(**node, expected, map.complaints());
  return {};
}

std::vector<std::pair<std::string, std::string>> read_pairs(MapReader& map, std::string_view key,
                                                            std::string_view expected) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Node::Entry& entry : read_entries(map, key, expected)) {
    const std::string* const text = read_any_text(*entry.value, "a text", map.complaints());
    if (text != nullptr) pairs.emplace_back(entry.key, *text);
  }
  return pairs;
}

Node only(const Node::Entry& entry) {
  Node single;
  single.kind = Node::Kind::kMap;
  single.position = entry.position;
  single.entries = {entry};
  return single;
}

parse::Decoration read_decoration(MapReader& map) {
  using parse::TargetName;
  using parse::TextTemplate;
  parse::Decoration decoration;
  for (const Node::Entry& entry : read_entries(map, "add_field", "a map of 'field: text'")) {
    parse::AddedField added{TargetName(entry.key), {}};
    for (const NodePtr& item :
         settings::read_list(entry.value, "a text or a list of texts", map.complaints())) {
      const std::string* const text = read_any_text(*item, "a text", map.complaints());
      if (text != nullptr) added.values.push_back(TextTemplate::parse(*text));
    }
    decoration.add_field.push_back(std::move(added));
  }
  std::vector<std::string> texts;
  if (read_texts(map, "remove_field", texts)) {
    for (const std::string& text : texts) decoration.remove_field.emplace_back(text);
  }
  if (read_texts(map, "add_tag", texts)) {
    for (const std::string& text : texts) decoration.add_tag.push_back(TextTemplate::parse(text));
  }
  if (read_texts(map, "remove_tag", texts)) {
    for (const std::string& text : texts)
      decoration.remove_tag.push_back(TextTemplate::parse(text));
  }
  return decoration;
}

void read_common_options(MapReader& map, parse::Step& step) {
  (void)read_texts(map, "tag_on_failure", step.tag_on_failure);
  step.on_success = read_decoration(map);
}

}  // namespace tocsin::rules
