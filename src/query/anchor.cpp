#include "src/query/anchor.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

namespace tocsin::query {
namespace {

using Kind = AnchorKey::Kind;

// `service` or `host`, by the field; nothing else is an anchor.
std::optional<Kind> kind_for(Field field, Kind service, Kind host) noexcept {
  if (field == Field::kService) return service;
  if (field == Field::kHost) return host;
  return std::nullopt;
}

Anchor single(std::optional<Kind> kind, std::string_view text) {
  if (!kind || text.empty()) return std::nullopt;
  return std::vector<AnchorKey>{{*kind, text}};
}

// Only string literals pin a text: `service = 5` also holds for "5.0".
Anchor exact(Field field, const std::vector<Literal>& alternatives) {
  const std::optional<Kind> kind = kind_for(field, Kind::kService, Kind::kHost);
  if (!kind) return std::nullopt;
  std::vector<AnchorKey> keys;
  for (const Literal& literal : alternatives) {
    const auto* text = std::get_if<std::string>(&literal);
    if (text == nullptr) return std::nullopt;
    keys.push_back({*kind, *text});
  }
  return keys;
}

Anchor exact(Field field, const Literal& literal) {
  const std::optional<Kind> kind = kind_for(field, Kind::kService, Kind::kHost);
  const auto* text = std::get_if<std::string>(&literal);
  if (!kind || text == nullptr) return std::nullopt;
  return std::vector<AnchorKey>{{*kind, *text}};
}

Anchor like(Field field, const LikePattern& pattern) {
  if (pattern.is_literal()) {
    return single(kind_for(field, Kind::kService, Kind::kHost), pattern.text());
  }
  if (!pattern.prefix().empty()) {
    return single(kind_for(field, Kind::kServicePrefix, Kind::kHostPrefix), pattern.prefix());
  }
  return single(kind_for(field, Kind::kServiceSuffix, Kind::kHostSuffix), pattern.suffix());
}

// Less is better: the kind that selects least sharply decides, then the number of keys.
std::pair<Kind, std::size_t> bluntness(const std::vector<AnchorKey>& keys) {
  const auto worst = std::ranges::max_element(keys, {}, &AnchorKey::kind);
  return {worst->kind, keys.size()};
}

Anchor anchor_of(const Node& node, const Pool& pool);

// Every child is necessary: the sharpest anchor among them will do.
Anchor sharpest(const Node& node, const Pool& pool) {
  Anchor best;
  const Node* const end = &node + node.size;
  for (const Node* child = &node + 1; child != end; child += child->size) {
    Anchor anchor = anchor_of(*child, pool);
    if (anchor && (!best || bluntness(*anchor) < bluntness(*best))) best = std::move(anchor);
  }
  return best;
}

// Any child suffices: all of them must have an anchor, and together they are one.
Anchor all_together(const Node& node, const Pool& pool) {
  std::vector<AnchorKey> keys;
  const Node* const end = &node + node.size;
  for (const Node* child = &node + 1; child != end; child += child->size) {
    const Anchor anchor = anchor_of(*child, pool);
    if (!anchor) return std::nullopt;
    keys.insert(keys.end(), anchor->begin(), anchor->end());
  }
  return keys;
}

Anchor anchor_of(const Node& node, const Pool& pool) {
  switch (node.op) {
    case Op::kAnd:
      return sharpest(node, pool);
    case Op::kOr:
      return all_together(node, pool);
    case Op::kTagged:
      return std::vector<AnchorKey>{
          {Kind::kTag, std::get<std::string>(pool.literals[node.operand])}};
    case Op::kCompare:
      if (node.relation != Relation::kEqual) return std::nullopt;
      return exact(node.field, pool.literals[node.operand]);
    case Op::kIn:
      return exact(node.field, pool.lists[node.operand]);
    case Op::kLike:
      return like(node.field, pool.likes[node.operand]);
    default:
      return std::nullopt;
  }
}

}  // namespace

Anchor find_anchor(const Program& program) {
  return anchor_of(program.nodes.front(), *program.pool);
}

}  // namespace tocsin::query
