#include "src/settings/places.hpp"

#include <cstddef>
#include <utility>

namespace tocsin::settings {

Places::Places(std::string file, const Node& root) : file_(std::move(file)) {
  add("", root);
}

void Places::add(const std::string& key, const Node& node) {
  positions_.emplace(key, node.position);
  for (const Node::Entry& entry : node.entries) {
    add(key.empty() ? entry.key : key + "." + entry.key, *entry.value);
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    add(key + "[" + std::to_string(i) + "]", *node.items[i]);
  }
}

std::string Places::of(std::string_view key) const {
  if (empty()) return {};
  auto found = positions_.find(key);
  while (found == positions_.end()) {
    const std::size_t end = key.find_last_of(".[");
    key = key.substr(0, end == std::string_view::npos ? 0 : end);
    found = positions_.find(key);  // ends: "" is there
  }
  return place(file_, found->second);
}

Error complaint_about(const Places& places, const std::string& key, const Error& why,
                      std::string_view expected) {
  std::string text = key + ": found ";
  text += why.where.empty() ? why.text : why.where + " (" + why.text + ")";
  return {why.code, places.of(key), text.append(", expected ").append(expected)};
}

}  // namespace tocsin::settings
