#include "src/settings/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "src/settings/source_text.hpp"

namespace tocsin::settings {
namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxAliases = 64;
constexpr std::size_t kMaxNodes = 100'000;
constexpr std::size_t kMaxExpandedBytes = std::size_t{1} << 20;

// Leaves the parser after a complaint that makes the rest pointless. Caught in parse_yaml.
struct Stop {};

// yaml-cpp counts lines and bytes from 0.
std::size_t offset_of(const SourceText& source, const YAML::Mark& mark) {
  return source.offset(mark.line, mark.column);
}

// Builds our tree from yaml-cpp's stream of events.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceText& source, const Environment& environment, Complaints& complaints)
      : source_(source), environment_(environment), complaints_(complaints) {}

  [[nodiscard]] NodePtr root() const { return root_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) {
      stop(Errc::kSyntax, at(mark), "found a second document, expected one per file");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Open open = make(Node::Kind::kNull, null_position(mark), anchor);
    place(std::move(open));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const Position position = at(mark);
    if (++aliases_ > kMaxAliases) {
      stop(Errc::kLimit, position,
           "found too many aliases, expected at most " + std::to_string(kMaxAliases));
    }
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) {
      stop(Errc::kSyntax, position, "found an alias inside of what it names, expected it outside");
    }
    count_nodes(known->second.size, position);
    place({known->second.node, known->second.size, YAML::NullAnchor, position, {}, {}});
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const Position position = at(mark);
    refuse_tag(tag, position);
    if (const auto quote = find_open_quote(source_, offset_of(source_, mark))) {
      stop(Errc::kSyntax, source_.position(*quote),
           "found a quote that is never closed, expected another one");
    }
    Open open = make(Node::Kind::kScalar, position, anchor);
    open.node->scalar = trace_scalar(value, source_, offset_of(source_, mark));
    const bool is_key = !stack_.empty() && stack_.back().awaits_key();
    if (!is_key) expand_in_place(*open.node);
    place(std::move(open));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    begin(Node::Kind::kList, at(mark), tag, anchor);
  }
  void OnSequenceEnd() override { end(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    begin(Node::Kind::kMap, at(mark), tag, anchor);
  }
  void OnMapEnd() override { end(); }

 private:
  // A key that waits for its value. `wanted` is false when the pair is to be left out.
  struct Key {
    std::string text;
    Position position;
    bool wanted = true;
  };
  // A node that is being built.
  struct Open {
    std::shared_ptr<Node> node;
    std::size_t size = 1;  // nodes below and including this one, aliases counted in full
    YAML::anchor_t anchor = YAML::NullAnchor;
    Position used_at;  // of the node, or of the alias to it
    std::optional<Key> key;
    std::unordered_map<std::string, Position> keys;  // maps only: where each key was first seen

    [[nodiscard]] bool awaits_key() const { return node->kind == Node::Kind::kMap && !key; }
  };
  struct Anchored {
    std::shared_ptr<Node> node;
    std::size_t size;
  };

  [[nodiscard]] Position at(const YAML::Mark& mark) const {
    return source_.position(offset_of(source_, mark));
  }

  [[noreturn]] void stop(Errc code, Position position, std::string text) {
    complaints_.clear();
    complaints_.add(code, position, std::move(text));
    throw Stop{};
  }

  void count_nodes(std::size_t more, Position position) {
    nodes_ += more;
    if (nodes_ > kMaxNodes) {
      stop(Errc::kLimit, position,
           "found too many values, expected at most " + std::to_string(kMaxNodes));
    }
  }

  // yaml-cpp says "?" for a plain scalar and "!" for a quoted one; anything else was written.
  void refuse_tag(const std::string& tag, Position position) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    stop(Errc::kUnsupported, position, "found the tag " + in_quotes(tag) + ", expected none");
  }

  Open make(Node::Kind kind, Position position, YAML::anchor_t anchor) {
    count_nodes(1, position);
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->position = position;
    return {std::move(node), 1, anchor, position, {}, {}};
  }

  void begin(Node::Kind kind, Position position, const std::string& tag, YAML::anchor_t anchor) {
    refuse_tag(tag, position);
    if (stack_.size() == kMaxDepth) {
      stop(Errc::kLimit, position,
           "found values nested too deeply, expected at most " + std::to_string(kMaxDepth) +
               " levels");
    }
    stack_.push_back(make(kind, position, anchor));
  }

  void end() {
    Open finished = std::move(stack_.back());
    stack_.pop_back();
    place(std::move(finished));
  }

  // yaml-cpp gives a missing value the place of whatever follows it, perhaps lines below. Unless
  // the word itself stands there, the place of the key (or of the list's dash) tells more.
  Position null_position(const YAML::Mark& mark) const {
    const Position position = at(mark);
    const std::string_view rest = source_.text().substr(offset_of(source_, mark));
    const bool on_line_of_key =
        stack_.empty() || !stack_.back().key || stack_.back().key->position.line == position.line;
    if (on_line_of_key) {
      constexpr std::array<std::string_view, 4> kWords = {"~", "null", "Null", "NULL"};
      for (const std::string_view word : kWords) {
        if (rest.substr(0, word.size()) == word) return position;
      }
    }
    if (!stack_.empty() && stack_.back().key) return stack_.back().key->position;
    std::size_t end = offset_of(source_, mark);
    while (end > 0 && (source_.text()[end - 1] == ' ' || source_.text()[end - 1] == '\n')) --end;
    return source_.position(end == 0 ? 0 : end - 1);
  }

  void expand_in_place(Node& node) {
    auto expanded = expand(node.scalar, environment_, kMaxExpandedBytes, complaints_);
    if (!expanded) {
      node.kind = Node::Kind::kFaulty;
      return;
    }
    if (expanded->text.size() > node.text().size()) {
      expanded_bytes_ += expanded->text.size() - node.text().size();
    }
    if (expanded_bytes_ > kMaxExpandedBytes) {
      stop(Errc::kLimit, node.position,
           "found variables that expand to too much text, expected at most " +
               std::to_string(kMaxExpandedBytes) + " bytes in a file");
    }
    node.scalar = std::move(*expanded);
  }

  void place(Open finished) {
    if (finished.anchor != YAML::NullAnchor) {
      anchors_[finished.anchor] = {finished.node, finished.size};
    }
    if (stack_.empty()) {
      root_ = std::move(finished.node);
      return;
    }
    Open& parent = stack_.back();
    parent.size += finished.size;
    if (parent.node->kind == Node::Kind::kList) {
      parent.node->items.push_back(std::move(finished.node));
    } else if (!parent.key) {
      take_key(parent, *finished.node, finished.used_at);
    } else {
      if (parent.key->wanted) {
        parent.node->entries.push_back(
            {std::move(parent.key->text), parent.key->position, std::move(finished.node)});
      }
      parent.key.reset();
    }
  }

  void take_key(Open& map, const Node& node, Position position) {
    Key key{node.text(), position, true};
    if (node.kind != Node::Kind::kScalar) {
      complaints_.add(Errc::kSyntax, position, "found a key that is not text, expected a name");
      key.wanted = false;
    } else if (key.text == "<<") {
      complaints_.add(Errc::kUnsupported, position,
                      "found the merge key '<<', expected the keys themselves");
      key.wanted = false;
    } else if (const auto [first, is_new] = map.keys.emplace(key.text, position); !is_new) {
      complaints_.add(Errc::kDuplicate, position,
                      "found the key " + in_quotes(key.text) +
                          " again, expected it once (first at " +
                          tocsin::settings::place(complaints_.file(), first->second) + ")");
      key.wanted = false;
    }
    map.key = std::move(key);
  }

  const SourceText& source_;
  const Environment& environment_;
  Complaints& complaints_;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  NodePtr root_;
  std::size_t aliases_ = 0;
  std::size_t nodes_ = 0;
  std::size_t expanded_bytes_ = 0;
};

// yaml-cpp's words in ours. What is not listed keeps its own.
std::string syntax_complaint(const std::string& message) {
  struct Translation {
    std::string_view theirs;
    std::string_view ours;
  };
  namespace Msg = YAML::ErrorMsg;
  const Translation translations[] = {
      {Msg::END_OF_MAP,
       "found text that does not continue the map, expected 'key: value' at the "
       "indentation of the map"},
      {Msg::END_OF_SEQ,
       "found text that does not continue the list, expected '- ' at the "
       "indentation of the list"},
      {Msg::END_OF_MAP_FLOW, "found a map that is not closed, expected ',' or '}'"},
      {Msg::END_OF_SEQ_FLOW, "found a list that is not closed, expected ',' or ']'"},
      {Msg::EOF_IN_SCALAR, "found the end of the file inside a quoted text, expected a quote"},
      {Msg::DOC_IN_SCALAR, "found a document mark inside a quoted text, expected a quote"},
      {Msg::UNKNOWN_TOKEN, "found a character that starts nothing, expected a value (quote it?)"},
      {Msg::FLOW_END, "found a closing bracket, expected one that was opened before"},
      {Msg::BLOCK_ENTRY, "found '- ' where no list can start, expected a key or a value"},
      {Msg::MAP_KEY, "found a key where no map can start, expected a value"},
      {Msg::MAP_VALUE,
       "found ':' where no map can start, expected one 'key: value' per line "
       "(quote a text that has ': ' in it)"},
      {Msg::UNKNOWN_ANCHOR, "found an alias to nothing, expected the name of an anchor above"},
      {Msg::TAB_IN_INDENTATION, "found a tab, expected spaces as indentation"},
      {Msg::ALIAS_NOT_FOUND, "found '*' without a name, expected an alias (or quotes around it)"},
      {Msg::ANCHOR_NOT_FOUND, "found '&' without a name, expected an anchor (or quotes around it)"},
      {Msg::CHAR_IN_ALIAS, "found a bad character in an alias, expected letters and digits"},
      {Msg::CHAR_IN_ANCHOR, "found a bad character in an anchor, expected letters and digits"},
      {Msg::ALIAS_CONTENT, "found an alias with a value of its own, expected the alias alone"},
      {Msg::INVALID_ESCAPE, "found an unknown escape, expected one that YAML has (or write \\\\)"},
      {Msg::INVALID_HEX, "found a bad hexadecimal digit in an escape, expected 0-9 or a-f"},
      {Msg::INVALID_UNICODE, "found an escape beyond Unicode, expected a code point"},
      {Msg::CHAR_IN_BLOCK, "found text after the mark of a block, expected the end of the line"},
      {Msg::ZERO_INDENT_IN_BLOCK, "found an indentation of 0 for a block, expected 1 to 9"},
  };
  for (const Translation& translation : translations) {
    if (message.compare(0, translation.theirs.size(), translation.theirs) == 0) {
      return std::string(translation.ours);
    }
  }
  return "found " + in_quotes(message) + ", expected YAML";
}

}  // namespace

std::optional<NodePtr> parse_yaml(std::string_view text, const Environment& environment,
                                  Complaints& complaints) {
  const SourceText source(text);
  if (!source.check(complaints)) return std::nullopt;
  TreeBuilder builder(source, environment, complaints);
  try {
    std::istringstream stream{std::string(source.text())};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop&) {
    return std::nullopt;
  } catch (const YAML::Exception& exception) {
    // The end of the file may be reported beyond its last line.
    const Position at = source.position(offset_of(source, exception.mark));
    complaints.clear();
    complaints.add(Errc::kSyntax, at, syntax_complaint(exception.msg));
    return std::nullopt;
  }
  if (builder.root()) return builder.root();
  return std::make_shared<const Node>();
}

}  // namespace tocsin::settings
