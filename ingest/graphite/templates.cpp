#include "ingest/graphite/templates.hpp"

#include <algorithm>
#include <optional>

#include "ingest/graphite/word_scan.hpp"

namespace tocsin::graphite {
namespace {

// A piece of a template's text, and where it begins.
struct Piece {
  std::string_view text;
  std::size_t offset = 0;
};

struct Fault {
  Errc code = Errc::kSyntax;
  std::size_t offset = 0;
  std::string text;
};

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

constexpr bool is_key_byte(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

std::vector<Piece> words_of(std::string_view text) {
  std::vector<Piece> words;
  for (std::size_t at = 0; at < text.size();) {
    if (is_blank(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && !is_blank(text[at])) ++at;
    words.push_back({text.substr(begin, at - begin), begin});
  }
  return words;
}

std::vector<Piece> split(const Piece& whole, char separator) {
  std::vector<Piece> pieces;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = std::min(whole.text.find(separator, begin), whole.text.size());
    pieces.push_back({whole.text.substr(begin, end - begin), whole.offset + begin});
    if (end == whole.text.size()) return pieces;
    begin = end + 1;
  }
}

std::optional<Fault> check_key(const Piece& key) {
  if (key.text.empty()) return Fault{Errc::kSyntax, key.offset, "no key, key=value was expected"};
  if (!std::all_of(key.text.begin(), key.text.end(), is_key_byte)) {
    return Fault{Errc::kSyntax, key.offset,
                 quoted(key.text) + " is no key: letters, digits, '_' and '-' were expected"};
  }
  if (key.text == "ingest" || key.text == "peer") {
    return Fault{Errc::kSyntax, key.offset,
                 quoted(key.text) + " is set by the listener and cannot be set by a template"};
  }
  return std::nullopt;
}

std::optional<Fault> check_filter(const Piece& filter) {
  const std::vector<Piece> patterns = split(filter, '.');
  if (patterns.size() > Templates::kMaxComponents) {
    return Fault{Errc::kLimit, patterns[Templates::kMaxComponents].offset,
                 "a filter of more than 64 components"};
  }
  for (const Piece& pattern : patterns) {
    if (pattern.text.empty()) {
      return Fault{Errc::kSyntax, pattern.offset,
                   "an empty component in a filter, a name or '*' was expected"};
    }
    const std::size_t strange = pattern.text.find_first_of("?[]{}");
    if (strange != std::string_view::npos) {
      return Fault{
          Errc::kSyntax, pattern.offset + strange,
          quoted(pattern.text.substr(strange, 1)) + " in a filter, of which only '*' is a pattern"};
    }
  }
  return std::nullopt;
}

// Adds the component at `place` to what its name stands for.
void add_component(Templates::Template& made, std::string_view name, std::size_t place, bool open) {
  using Role = Templates::Role;
  const bool is_service = name == "service" || name == "measurement" || name == "field";
  const Role role = name == "host" ? Role::kHost : is_service ? Role::kService : Role::kAttribute;
  const std::string_view key = role == Role::kAttribute ? name : std::string_view();
  auto target = std::find_if(made.targets.begin(), made.targets.end(), [&](const auto& known) {
    return known.role == role && known.key == key;
  });
  if (target == made.targets.end()) {
    made.targets.push_back({role, std::string(key), {}});
    target = made.targets.end() - 1;
  }
  std::vector<Templates::Run>& runs = target->runs;
  if (!runs.empty() && runs.back().last + 1 == place) {
    runs.back().last = place;
    runs.back().open = open;
  } else {
    runs.push_back({place, place, open});
  }
}

std::optional<Fault> read_targets(const Piece& text, Templates::Template& made) {
  const std::vector<Piece> targets = split(text, '.');
  if (targets.size() > Templates::kMaxComponents) {
    return Fault{Errc::kLimit, targets[Templates::kMaxComponents].offset,
                 "a template of more than 64 components"};
  }
  made.length = targets.size();
  for (std::size_t place = 0; place < targets.size(); ++place) {
    Piece target = targets[place];
    const bool open = target.text.ends_with('*');
    if (open && place + 1 != targets.size()) {
      return Fault{Errc::kSyntax, target.offset + target.text.size() - 1,
                   "'*' may only end the last component of a template, which then takes the rest"};
    }
    if (open) target.text.remove_suffix(1);
    made.open = open;
    if (target.text.empty() && !open) continue;
    if (target.text.empty()) {
      return Fault{Errc::kSyntax, target.offset,
                   "no name before '*', such as service* was expected"};
    }
    if (auto fault = check_key(target)) return fault;
    add_component(made, target.text, place, open);
  }
  if (made.targets.empty()) {
    return Fault{Errc::kSyntax, text.offset,
                 quoted(text.text) + " names nothing: host, service or a key was expected"};
  }
  return std::nullopt;
}

std::optional<Fault> read_constants(const Piece& text, Templates::Template& made) {
  for (const Piece& tag : split(text, ',')) {
    const std::size_t equals = tag.text.find('=');
    if (equals == std::string_view::npos || equals + 1 == tag.text.size()) {
      return Fault{Errc::kSyntax, tag.offset,
                   quoted(tag.text) + " is no tag: key=value was expected"};
    }
    const Piece key{tag.text.substr(0, equals), tag.offset};
    if (auto fault = check_key(key)) return fault;
    if (key.text == "host" || key.text == "service") {
      return Fault{Errc::kSyntax, key.offset,
                   quoted(key.text) + " as a tag: it can only be a component of the path"};
    }
    const auto same = [&](const Attribute& known) { return known.key == key.text; };
    if (std::any_of(made.constants.begin(), made.constants.end(), same)) {
      return Fault{Errc::kDuplicate, key.offset, quoted(key.text) + " is given twice"};
    }
    made.constants.push_back({std::string(key.text), std::string(tag.text.substr(equals + 1))});
  }
  return std::nullopt;
}

// Takes the words of one template apart; `filter` stays empty when there is none.
std::optional<Fault> read_template(std::string_view text, Piece& filter,
                                   Templates::Template& made) {
  if (text.size() > Templates::kMaxBytes) {
    return Fault{Errc::kLimit, Templates::kMaxBytes, "a template of more than 1024 bytes"};
  }
  const std::vector<Piece> words = words_of(text);
  if (words.empty()) {
    return Fault{Errc::kSyntax, 0, "an empty template, [filter] template [key=value] was expected"};
  }
  if (words.size() > 3) {
    return Fault{
        Errc::kSyntax, words[3].offset,
        quoted(words[3].text) + " behind a complete template: [filter] template [key=value]"};
  }
  const bool has_constants =
      words.size() == 3 || (words.size() == 2 && words[1].text.find('=') != std::string_view::npos);
  const std::size_t middle = words.size() - 1 - (has_constants ? 1 : 0);
  if (middle == 1) {
    filter = words[0];
    if (auto fault = check_filter(filter)) return fault;
  }
  if (auto fault = read_targets(words[middle], made)) return fault;
  return has_constants ? read_constants(words.back(), made) : std::nullopt;
}

Error at_place(std::size_t index, const Fault& fault) {
  return {fault.code, std::to_string(index + 1) + ":" + std::to_string(fault.offset + 1),
          fault.text};
}

std::size_t literal_bytes(std::string_view pattern) noexcept {
  return pattern.size() - static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '*'));
}

// "*" matches any bytes. Goes back only to the last "*": what an earlier one took needs no change.
bool matches(std::string_view pattern, std::string_view text) noexcept {
  std::size_t in_pattern = 0;
  std::size_t in_text = 0;
  std::size_t star = std::string_view::npos;
  std::size_t taken = 0;  // where the text of the last star ends
  while (in_text < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      taken = in_text;
    } else if (in_pattern < pattern.size() && pattern[in_pattern] == text[in_text]) {
      ++in_pattern;
      ++in_text;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      in_text = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

}  // namespace

Result<Templates> Templates::compile(std::span<const std::string> texts) {
  Templates made;
  if (texts.size() > kMaxTemplates) {
    return Error{Errc::kLimit, std::to_string(kMaxTemplates + 1) + ":1",
                 "more than 1000 templates"};
  }
  for (std::size_t index = 0; index < texts.size(); ++index) {
    Piece filter;
    Template next;
    if (const auto fault = read_template(texts[index], filter, next)) {
      return at_place(index, *fault);
    }
    Node& node = made.nodes_[made.node_for(filter.text)];
    if (node.found != kNone) {
      return at_place(
          index, {Errc::kDuplicate, filter.offset,
                  filter.text.empty() ? "a second template without a filter"
                                      : "a second template for the filter " + quoted(filter.text)});
    }
    node.found = index;
    made.templates_.push_back(std::move(next));
  }
  return made;
}

// The node at which `filter` ends; the root for an empty one.
std::size_t Templates::node_for(std::string_view filter) {
  std::size_t node = 0;
  if (filter.empty()) return node;
  for (const Piece& pattern : split({filter, 0}, '.')) node = child_of(node, pattern.text);
  return node;
}

std::size_t Templates::child_of(std::size_t node, std::string_view pattern) {
  const bool literal = pattern.find('*') == std::string_view::npos;
  auto& children = literal ? nodes_[node].literals : nodes_[node].patterns;
  for (const auto& [text, child] : children) {
    if (text == pattern) return child;
  }
  const std::size_t child = nodes_.size();
  children.emplace_back(pattern, child);
  if (literal) {
    std::sort(children.begin(), children.end());
  } else {
    std::stable_sort(children.begin(), children.end(), [](const auto& a, const auto& b) {
      return literal_bytes(a.first) > literal_bytes(b.first);
    });
  }
  nodes_.emplace_back();  // last, because `children` lies in nodes_
  return child;
}

void Templates::cut(std::string_view path, Components& components) noexcept {
  components.path = path;
  const std::size_t dots = find_dots(path, kMaxComponents, components.ends.data());
  components.ends[dots] = static_cast<std::uint32_t>(path.size());
  components.count = dots + 1;
}

// `depth` components fit the way to `node`. Goes no deeper than a filter is long, and to no node
// twice.
const Templates::Template* Templates::find(const Components& path, std::size_t node,
                                           std::size_t depth) const {
  const Node& here = nodes_[node];
  if (depth < path.count && depth < kMaxComponents) {
    const std::string_view component = path.run(depth, depth);
    const auto literal = std::lower_bound(
        here.literals.begin(), here.literals.end(), component,
        [](const auto& known, std::string_view wanted) { return known.first < wanted; });
    if (literal != here.literals.end() && literal->first == component) {
      if (const Template* found = find(path, literal->second, depth + 1)) return found;
    }
    for (const auto& [pattern, child] : here.patterns) {
      if (!matches(pattern, component)) continue;
      if (const Template* found = find(path, child, depth + 1)) return found;
    }
  }
  if (here.found == kNone) return nullptr;
  const Template& found = templates_[here.found];
  return found.open || path.count <= found.length ? &found : nullptr;
}

bool Templates::place(std::string_view path, std::string& joined, Placement& placement,
                      std::vector<AttributeView>& attributes) const {
  Components components;
  cut(path, components);
  const Template* const found = find(components, 0, 0);
  if (found == nullptr) return false;
  for (const Attribute& constant : found->constants) {
    attributes.push_back({constant.key, constant.value});
  }
  joined.clear();
  joined.reserve(path.size() + found->length);  // views into it must not move
  for (const Target& target : found->targets) {
    std::string_view text;
    const std::size_t begin = joined.size();
    for (const Run& run : target.runs) {
      if (run.first >= components.count) break;
      const std::size_t last = std::min(run.last, components.count - 1);
      const std::string_view piece =
          run.open ? path.substr(components.begin(run.first)) : components.run(run.first, last);
      if (&run == &target.runs.front()) {
        text = piece;
        continue;
      }
      if (joined.size() == begin) joined += text;
      joined += '.';
      joined += piece;
      text = std::string_view(joined).substr(begin);
    }
    if (text.empty()) continue;
    if (target.role == Role::kHost) {
      placement.host = text;
    } else if (target.role == Role::kService) {
      placement.service = text;
    } else {
      attributes.push_back({target.key, text});
    }
  }
  return true;
}

}  // namespace tocsin::graphite
