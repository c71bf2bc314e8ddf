#include "src/rules/grok/expansion.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include "src/rules/grok/token.hpp"

namespace tocsin::rules::grok {
namespace {

// The expression, or a body that is being put in place of a token.
struct Frame {
  std::string_view text;
  Place place;         // of `text`
  Place token;         // that it replaces
  std::size_t at = 0;  // up to here it is done
};

class Expander {
 public:
  Expander(const PatternLibrary& library, Unnamed unnamed) : library_(library), unnamed_(unnamed) {}

  Result<Expansion> run(std::string_view expression, const Place& place) {
    frames_.push_back({expression, place, place});
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const std::optional<Token> token = find_token(frame.text, frame.at);
      const std::size_t end = token ? token->begin : frame.text.size();
      append_text(frame, end);
      if (!token) {
        if (frames_.size() > 1) expansion_.close(frame.token);
        frames_.pop_back();
      } else {
        frame.at = token->end;
        const Place at = frame.place.after(frame.text.substr(0, token->begin));
        if (Result<void> entered = enter(*token, at); !entered) return entered.error();
      }
      if (expansion_.regex().size() > kMaxExpandedBytes) {
        return Error{Errc::kLimit, place.text(),
                     "found an expression that grows beyond " + std::to_string(kMaxExpandedBytes) +
                         " bytes, expected a smaller one"};
      }
    }
    return std::move(expansion_);
  }

 private:
  void append_text(const Frame& frame, std::size_t end) {
    if (end == frame.at) return;
    expansion_.append(frame.text.substr(frame.at, end - frame.at),
                      frame.place.after(frame.text.substr(0, frame.at)));
  }

  const Definition* find(std::string_view name) const {
    const auto own = own_.find(name);
    return own != own_.end() ? own->second : library_.find(name);
  }

  Result<void> enter(const Token& token, const Place& at) {
    if (++substitutions_ > kMaxSubstitutions) {
      return Error{Errc::kLimit, at.text(),
                   "found more than " + std::to_string(kMaxSubstitutions) +
                       " substitutions, expected definitions that do not use themselves"};
    }
    const std::string syntax(token.syntax);
    if (!token.definition.empty()) {
      Place body = at.after(token.name);
      body.column += std::string_view("%{=").size();
      // Earlier ones may still be in use, so none is replaced.
      definitions_.push_back({std::string(token.definition), std::move(body)});
      own_[syntax] = &definitions_.back();
    }
    const Definition* const definition = find(token.syntax);
    if (definition == nullptr) {
      return Error{Errc::kUnknownName, at.text(),
                   "found the pattern name '" + syntax + "', which no pattern file defines"};
    }
    const bool captures = token.is_named() || unnamed_ == Unnamed::kCapture;
    expansion_.open(captures ? "(?<" + std::string(token.name) + ">" : "(?:", token.name, at);
    frames_.push_back({definition->body, definition->place, at});
    return {};
  }

  const PatternLibrary& library_;
  const Unnamed unnamed_;
  std::deque<Definition> definitions_;  // inline; addresses stay
  std::map<std::string, const Definition*, std::less<>> own_;
  std::vector<Frame> frames_;
  std::size_t substitutions_ = 0;
  Expansion expansion_;
};

}  // namespace

void Expansion::append(std::string_view text, const Place& place) {
  runs_.push_back({regex_.size(), place, false});
  regex_ += text;
}

void Expansion::append_made_up(std::string_view text, const Place& place) {
  runs_.push_back({regex_.size(), place, true});
  regex_ += text;
}

void Expansion::open(std::string_view opening, std::string_view name, const Place& place) {
  open_.push_back(spans_.size());
  spans_.push_back({regex_.size(), 0, std::string(name)});
  append_made_up(opening, place);
}

void Expansion::close(const Place& place) {
  append_made_up(")", place);
  spans_[open_.back()].end = regex_.size();
  open_.pop_back();
}

Place Expansion::place_of(std::size_t offset) const {
  if (runs_.empty()) return {};
  const auto behind =
      std::upper_bound(runs_.begin(), runs_.end(), offset,
                       [](std::size_t at, const Run& run) { return at < run.offset; });
  const Run& run = behind == runs_.begin() ? runs_.front() : *(behind - 1);
  if (run.made_up) return run.place;
  return run.place.after(std::string_view(regex_).substr(run.offset, offset - run.offset));
}

Result<Expansion> expand(std::string_view expression, const Place& place,
                         const PatternLibrary& library, Unnamed unnamed) {
  return Expander(library, unnamed).run(expression, place);
}

}  // namespace tocsin::rules::grok
