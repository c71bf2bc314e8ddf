#include "src/settings/reader.hpp"

#include <algorithm>

#include "src/settings/nearest.hpp"

namespace tocsin::settings {
namespace {

std::string between(const std::string& expected, const std::string& min, const std::string& max) {
  return expected + " from " + min + " to " + max;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string found(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return "nothing";
    case Node::Kind::kScalar:
      return node.text().empty() ? "an empty text" : in_quotes(node.text());
    case Node::Kind::kList:
      return "a list";
    case Node::Kind::kMap:
      return "a map";
    case Node::Kind::kFaulty:
      break;
  }
  return "a faulty value";
}

void complain(const Node& node, std::string_view expected, Complaints& complaints, Errc code) {
  if (node.kind == Node::Kind::kFaulty) return;
  complaints.add(code, node.position,
                 "found " + found(node) + ", expected " + std::string(expected));
}

const std::string* read_text(const Node& node, std::string_view expected, Complaints& complaints) {
  if (node.kind == Node::Kind::kScalar && !node.text().empty()) return &node.text();
  complain(node, expected, complaints);
  return nullptr;
}

std::vector<NodePtr> read_list(const NodePtr& node, std::string_view expected,
                               Complaints& complaints) {
  switch (node->kind) {
    case Node::Kind::kList:
      return node->items;
    case Node::Kind::kScalar:
    case Node::Kind::kMap:
      return {node};
    case Node::Kind::kNull:
    case Node::Kind::kFaulty:
      break;
  }
  complain(*node, expected, complaints);
  return {};
}

MapReader::MapReader(const Node& node, Complaints& complaints)
    : node_(node), map_(node.kind == Node::Kind::kMap ? &node : nullptr), complaints_(complaints) {
  if (map_ == nullptr) complain(node, "a map of 'key: value'", complaints);
}

const Node::Entry* MapReader::entry(std::string_view key) const {
  if (map_ == nullptr) return nullptr;
  const auto at = std::find_if(map_->entries.begin(), map_->entries.end(),
                               [&](const Node::Entry& candidate) { return candidate.key == key; });
  return at == map_->entries.end() ? nullptr : &*at;
}

const NodePtr* MapReader::find(std::string_view key) {
  if (!contains(known_, key)) known_.emplace_back(key);
  const Node::Entry* found_entry = entry(key);
  return found_entry == nullptr ? nullptr : &found_entry->value;
}

const NodePtr* MapReader::require(std::string_view key, std::string_view expected) {
  const NodePtr* value = find(key);
  if (value == nullptr && map_ != nullptr) {
    complaints_.add(Errc::kSyntax, node_.position,
                    "found no key '" + std::string(key) + "', expected " + std::string(expected));
  }
  return value;
}

void MapReader::refuse(std::string_view key, Errc code, std::string text) {
  const Node::Entry* refused = entry(key);
  if (refused == nullptr) return;
  refused_.emplace_back(key);
  complaints_.add(code, refused->position, std::move(text));
}

Position MapReader::position(std::string_view key) const {
  const Node::Entry* found_entry = entry(key);
  return found_entry == nullptr ? node_.position : found_entry->value->position;
}

bool MapReader::text(std::string_view key, std::string& out) {
  const NodePtr* node = find(key);
  if (node == nullptr) return false;
  const std::string* value = read_text(**node, "a text", complaints_);
  if (value == nullptr) return false;
  out = *value;
  return true;
}

bool MapReader::text_or_empty(std::string_view key, std::string& out) {
  const NodePtr* node = find(key);
  if (node == nullptr) return false;
  if ((*node)->kind != Node::Kind::kScalar) {
    complain(**node, "a text (\"\" for an empty one)", complaints_);
    return false;
  }
  out = (*node)->text();
  return true;
}

template <class T>
bool MapReader::parsed(std::string_view key, T& out, Result<T> (*parse)(std::string_view),
                       const std::string& expected, T min, T max) {
  const NodePtr* node = find(key);
  if (node == nullptr) return false;
  const std::string* value = read_text(**node, expected, complaints_);
  if (value == nullptr) return false;
  const Result<T> result = parse(*value);
  if (!result || *result < min || *result > max) {
    complain(**node, expected, complaints_, result ? Errc::kRange : result.error().code);
    return false;
  }
  out = *result;
  return true;
}

bool MapReader::boolean(std::string_view key, bool& out) {
  return parsed(key, out, &parse_boolean, "true or false", false, true);
}

bool MapReader::whole_number(std::string_view key, std::int64_t& out, std::int64_t min,
                             std::int64_t max) {
  const std::string expected = between("a whole number", std::to_string(min), std::to_string(max));
  return parsed(key, out, &parse_integer, expected, min, max);
}

bool MapReader::real(std::string_view key, double& out, double min, double max) {
  const std::string expected = between("a number", format_real(min), format_real(max));
  return parsed(key, out, &parse_real, expected, min, max);
}

bool MapReader::duration(std::string_view key, Duration& out, Duration min, Duration max) {
  const std::string expected =
      between("a duration (such as 500ms, 10s or 24h)", format_duration(min), format_duration(max));
  return parsed(key, out, &parse_duration, expected, min, max);
}

bool MapReader::bytes(std::string_view key, std::uint64_t& out, std::uint64_t min,
                      std::uint64_t max) {
  const std::string expected =
      between("a size (such as 64KiB or 8GiB)", format_bytes(min), format_bytes(max));
  return parsed(key, out, &parse_bytes, expected, min, max);
}

std::optional<std::size_t> MapReader::choose(std::string_view key,
                                             const std::vector<std::string>& words,
                                             const std::string& expected) {
  const NodePtr* node = find(key);
  if (node == nullptr) return std::nullopt;
  const std::string* value = read_text(**node, expected, complaints_);
  if (value == nullptr) return std::nullopt;
  const auto at = std::find(words.begin(), words.end(), *value);
  if (at != words.end()) return static_cast<std::size_t>(at - words.begin());
  complain(**node, expected + did_you_mean(*value, words), complaints_, Errc::kUnknownName);
  return std::nullopt;
}

void MapReader::finish() {
  if (map_ == nullptr) return;
  for (const Node::Entry& candidate : map_->entries) {
    if (contains(known_, candidate.key) || contains(refused_, candidate.key)) continue;
    std::string text = "unknown key " + in_quotes(candidate.key);
    const std::string suggestion = did_you_mean(candidate.key, known_);
    if (!suggestion.empty()) {
      text += suggestion;
    } else {
      text += ", expected ";
      for (std::size_t i = 0; i < known_.size(); ++i) {
        if (i > 0) text += i + 1 == known_.size() ? " or " : ", ";
        text += known_[i];
      }
    }
    complaints_.add(Errc::kUnknownName, candidate.position, std::move(text));
  }
}

}  // namespace tocsin::settings
