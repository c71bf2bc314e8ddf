#include "src/rules/parse/mutate/gsub.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "src/rules/grok/dialect.hpp"
#include "src/rules/grok/expansion.hpp"
#include "src/rules/grok/regex.hpp"
#include "src/rules/grok/subject.hpp"
#include "src/rules/parse/text_change.hpp"
#include "src/rules/parse/text_template.hpp"

namespace tocsin::rules::parse {
namespace {

// A piece of a replacement: a text, or a group.
struct Piece {
  std::string text;
  std::optional<std::size_t> group;
};

struct Substitution {
  FieldName field;
  std::string plain;  // what the expression spells, when it has no special letters
  std::optional<grok::Regex> regex;
  TextTemplate replacement;
  std::vector<Piece> pieces;  // of a replacement without fields
  std::vector<std::string> groups;
};

std::vector<Piece> read_replacement(std::string_view text, const std::vector<std::string>& names) {
  std::vector<Piece> pieces(1);
  const auto add_group = [&pieces](std::size_t group) {
    pieces.push_back({{}, group});
    pieces.emplace_back();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] != '\\') {
      pieces.back().text += text[i];
    } else if (next >= '0' && next <= '9') {
      add_group(static_cast<std::size_t>(next - '0'));
      ++i;
    } else if (next == 'k' && i + 2 < text.size() && text[i + 2] == '<' &&
               text.find('>', i) != std::string_view::npos) {
      const std::size_t end = text.find('>', i);
      const auto name = std::ranges::find(names, text.substr(i + 3, end - i - 3));
      if (name != names.end()) add_group(static_cast<std::size_t>(name - names.begin()) + 1);
      i = end;
    } else {
      if (next == '\\') ++i;
      pieces.back().text += '\\';
    }
  }
  return pieces;
}

// Writes to the arena, as long as there is room.
class Output {
 public:
  explicit Output(TextArena& arena) : arena_(arena), begin_(arena.allocate(kFirstBytes)) {}

  // False: too long.
  bool add(std::string_view text) {
    if (size_ + text.size() > GsubOptions::kMostBytes) return false;
    if (size_ + text.size() > room_) {
      const std::size_t room = std::max(2 * room_, size_ + text.size());
      char* const larger = arena_.allocate(room);
      std::memcpy(larger, begin_, size_);
      begin_ = larger;
      room_ = room;
    }
    text.copy(begin_ + size_, text.size());
    size_ += text.size();
    return true;
  }
  [[nodiscard]] std::string_view text() const noexcept { return {begin_, size_}; }

 private:
  static constexpr std::size_t kFirstBytes = 256;

  TextArena& arena_;
  char* begin_;
  std::size_t room_ = kFirstBytes;
  std::size_t size_ = 0;
};

std::size_t character_size(std::string_view text, std::size_t at) noexcept {
  std::size_t size = 1;
  while (at + size < text.size() && (static_cast<unsigned char>(text[at + size]) & 0xC0) == 0x80) {
    ++size;
  }
  return size;
}

struct GsubMemory final : Operation::Memory {
  grok::Subject subject;
};

class Gsub final : public Operation {
 public:
  explicit Gsub(std::vector<Substitution> substitutions)
      : substitutions_(std::move(substitutions)) {}

  std::unique_ptr<Memory> make_memory() const override { return std::make_unique<GsubMemory>(); }

  Outcome apply(Record& record, Memory* memory) const override {
    auto& subject = static_cast<GsubMemory&>(*memory).subject;
    bool taken = true;
    bool ended = true;
    for (const Substitution& substitution : substitutions_) {
      // What comes out of fields is no place for groups.
      std::optional<std::string_view> fixed;
      if (!substitution.replacement.is_constant()) fixed = substitution.replacement.expand(record);
      taken = change_texts(substitution.field, record,
                           [&](std::string_view text) {
                             const auto changed =
                                 substitution.regex
                                     ? by_regex(substitution, fixed, text, subject, record.arena())
                                     : by_text(substitution, fixed, text, record.arena());
                             ended = ended && changed.has_value();
                             return changed.value_or(text);
                           }) &&
              taken;
    }
    if (!ended) return Outcome::kGaveUp;
    return taken ? Outcome::kDone : Outcome::kFailed;
  }

  std::string explain(const Record&, const Memory*) const override {
    return "a substitution took too long or made a text that is too long, or a field cannot hold "
           "its outcome";
  }

 private:
  // Adds a replacement, which is `fixed` if there is one.
  static bool replace(const Substitution& substitution,
                      const std::optional<std::string_view>& fixed, std::string_view whole,
                      const grok::Groups& groups, Output& out) {
    if (fixed) return out.add(*fixed);
    return std::ranges::all_of(substitution.pieces, [&](const Piece& piece) {
      if (!piece.group) return out.add(piece.text);
      if (*piece.group == 0) return out.add(whole);
      return out.add(groups.find(*piece.group).value_or(std::string_view()));
    });
  }

  // Empty: too long.
  static std::optional<std::string_view> by_text(const Substitution& substitution,
                                                 const std::optional<std::string_view>& fixed,
                                                 std::string_view text, TextArena& arena) {
    std::size_t found = text.find(substitution.plain);
    if (found == std::string_view::npos) return text;
    Output out(arena);
    std::size_t at = 0;
    for (; found != std::string_view::npos; found = text.find(substitution.plain, at)) {
      if (!out.add(text.substr(at, found - at)) ||
          !replace(substitution, fixed, substitution.plain, {}, out)) {
        return std::nullopt;
      }
      at = found + substitution.plain.size();
    }
    if (!out.add(text.substr(at))) return std::nullopt;
    return out.text();
  }

  // Empty: gave up, or too long.
  static std::optional<std::string_view> by_regex(const Substitution& substitution,
                                                  const std::optional<std::string_view>& fixed,
                                                  std::string_view original, grok::Subject& subject,
                                                  TextArena& arena) {
    subject.view(original);
    const std::string_view text = subject.text();
    std::optional<Output> out;
    std::size_t copied = 0;  // what stands before it is in `out`
    std::size_t from = 0;
    grok::Effort effort = grok::kDefaultEffort;
    // Each round goes at least one character further.
    while (from <= text.size()) {
      grok::Groups groups;
      const auto outcome = substitution.regex->search_from(subject, from, effort, groups);
      if (outcome == grok::Regex::Outcome::kGaveUp) return std::nullopt;
      const auto whole = outcome == grok::Regex::Outcome::kMatch ? groups.find(0) : std::nullopt;
      if (!whole) break;
      const auto begin = static_cast<std::size_t>(whole->data() - text.data());
      if (!out) out.emplace(arena);
      if (!out->add(text.substr(copied, begin - copied)) ||
          !replace(substitution, fixed, *whole, groups, *out)) {
        return std::nullopt;
      }
      copied = begin + whole->size();
      // Behind an empty match the next one begins a character later.
      from = whole->empty() ? copied + (copied < text.size() ? character_size(text, copied) : 1)
                            : copied;
    }
    if (!out) return original;
    if (!out->add(text.substr(copied))) return std::nullopt;
    return out->text();
  }

  std::vector<Substitution> substitutions_;
};

}  // namespace

Result<OperationPtr> make_gsub(std::vector<GsubOptions> substitutions) {
  std::vector<Substitution> made;
  for (GsubOptions& options : substitutions) {
    Substitution one{
        std::move(options.field), {}, {}, TextTemplate::parse(options.replacement), {}, {}};
    const bool special = options.expression.find_first_of("\\^$.|?*+()[]{}") != std::string::npos;
    if (!special && !options.expression.empty()) {
      one.plain = options.expression;
    } else {
      grok::Expansion source;
      source.append(options.expression, options.place);
      const auto translation = grok::translate(source, grok::PlainGroups::kCapture);
      if (!translation) return translation.error();
      auto regex = grok::Regex::compile(*translation, source);
      if (!regex) return regex.error();
      one.regex = *std::move(regex);
      one.groups = translation->groups;
    }
    one.pieces = read_replacement(options.replacement, one.groups);
    made.push_back(std::move(one));
  }
  return OperationPtr(std::make_unique<Gsub>(std::move(made)));
}

}  // namespace tocsin::rules::parse
