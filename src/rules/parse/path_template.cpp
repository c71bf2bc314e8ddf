#include "src/rules/parse/path_template.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace tocsin::rules::parse {
namespace {

constexpr std::size_t kMostSegmentBytes = 40;
constexpr std::size_t kLeastHash = 8;
constexpr std::size_t kLeastToken = 16;
constexpr std::string_view kOther = ":other";
// The longest that can take the place of one byte of a path: "1" becomes ":id"; "/a" stays.
constexpr std::size_t kMostGrowth = 8;

// What a byte of a segment tells about it.
enum Trait : std::uint8_t {
  kDigit = 1,
  kHexLetter = 2,
  kLetter = 4,  // other letters
  kJoint = 8,   // . - _
  kFree = 16,   // % + and bytes beyond ASCII: text that people wrote
  kAt = 32,
  kPunctuation = 64,
  kEnd = 128,  // ? # ; and what they begin is no part of the path; / ends a segment
};

constexpr std::array<std::uint8_t, 256> kTraits = [] {
  std::array<std::uint8_t, 256> traits{};
  for (std::size_t c = 0; c < traits.size(); ++c) {
    if (c >= '0' && c <= '9') {
      traits[c] = kDigit;
    } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
      traits[c] = kHexLetter;
    } else if ((c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z')) {
      traits[c] = kLetter;
    } else if (c == '.' || c == '-' || c == '_') {
      traits[c] = kJoint;
    } else if (c == '@') {
      traits[c] = kAt;
    } else if (c == '?' || c == '#' || c == ';' || c == '/') {
      traits[c] = kEnd;
    } else {
      traits[c] = c == '%' || c == '+' || c >= 0x80 || c < 0x21 ? kFree : kPunctuation;
    }
  }
  return traits;
}();

std::uint8_t trait(char c) noexcept {
  return kTraits[static_cast<unsigned char>(c)];
}

// A segment of a path, and what all of its bytes tell.
struct Segment {
  std::string_view text;
  unsigned traits = 0;
};

// What stands at the front of `text` before a byte that ends a segment.
Segment segment_of(std::string_view text) noexcept {
  Segment segment;
  std::size_t size = 0;
  while (size < text.size() && trait(text[size]) != kEnd) segment.traits |= trait(text[size++]);
  segment.text = text.substr(0, size);
  return segment;
}

// Whether hexadecimal digits stand where `form` has x and digits where it has 9; else they are
// alike.
bool has_form(std::string_view text, std::string_view form) noexcept {
  return text.size() == form.size() &&
         std::equal(text.begin(), text.end(), form.begin(), [](char c, char f) {
           if (f == 'x') return (trait(c) & (kDigit | kHexLetter)) != 0;
           return f == '9' ? trait(c) == kDigit : c == f;
         });
}

// What takes the place of a part without joints; empty: it stays.
std::string_view placeholder(std::string_view part, unsigned traits) noexcept {
  if (traits == kDigit) return ":id";
  if (traits == (kDigit | kHexLetter) && part.size() >= kLeastHash) return ":hash";
  return {};
}

class Writer {
 public:
  explicit Writer(char* at) : at_(at) {}
  void add(std::string_view text) noexcept {
    text.copy(at_, text.size());
    at_ += text.size();
  }
  [[nodiscard]] const char* at() const noexcept { return at_; }

 private:
  char* at_;
};

void add_parts(std::string_view segment, Writer& out) noexcept {
  while (!segment.empty()) {
    std::size_t end = 0;
    unsigned traits = 0;
    while (end < segment.size() && trait(segment[end]) != kJoint) traits |= trait(segment[end++]);
    const std::string_view part = segment.substr(0, end);
    const std::string_view stands_for = placeholder(part, traits);
    out.add(stands_for.empty() ? part : stands_for);
    if (end < segment.size()) out.add(segment.substr(end++, 1));
    segment.remove_prefix(end);
  }
}

void add_segment(const Segment& part, Writer& out) noexcept {
  const auto& [segment, traits] = part;
  constexpr unsigned kAnyLetter = kHexLetter | kLetter;
  if ((traits & kAt) != 0) return out.add(":email");
  if ((traits & kFree) != 0) return out.add(":text");
  if ((traits & kJoint) == 0) {
    const std::string_view stands_for = placeholder(segment, traits);
    if (!stands_for.empty()) return out.add(stands_for);
    const bool mixed = (traits & kDigit) != 0 && (traits & kAnyLetter) != 0;
    if (mixed && segment.size() >= kLeastToken) return out.add(":token");
    return out.add(segment.size() > kMostSegmentBytes ? ":text" : segment);
  }
  if (has_form(segment, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")) return out.add(":uuid");
  if (has_form(segment, "9999-99-99")) return out.add(":date");
  if (segment.size() > kMostSegmentBytes) return out.add(":text");
  add_parts(segment, out);
}

// A request without scheme and host. Empty: it has no path.
std::string_view from_path(std::string_view text) noexcept {
  if (text.starts_with('/')) return text;
  const std::size_t scheme = text.find("://");
  constexpr unsigned kWord = kLetter | kHexLetter | kDigit;
  if (scheme == std::string_view::npos ||
      (segment_of(text.substr(0, scheme)).traits & ~kWord) != 0) {
    return {};
  }
  const std::size_t begin = text.find('/', scheme + 3);
  return begin == std::string_view::npos ? "/" : text.substr(begin);
}

// Takes a '/' and the segment behind it off the front of `path`. False: it does not begin so.
bool take_segment(std::string_view& path, Segment& segment) noexcept {
  if (!path.starts_with('/')) return false;
  segment = segment_of(path.substr(1));
  path.remove_prefix(1 + segment.text.size());
  return true;
}

class Template final : public Operation {
 public:
  explicit Template(PathTemplateOptions options) : options_(std::move(options)) {}

  Outcome apply(Record& record, Memory*) const override {
    const Value value = record.find(options_.field);
    if (value.is_none()) return Outcome::kSkipped;
    const std::string_view path = as_text(value, record.arena());
    const std::string_view made = options_.path_template.of(path, record.arena());
    return record.set(options_.target, Value::text(made)) ? Outcome::kDone : Outcome::kFailed;
  }
  std::string explain(const Record&, const Memory*) const override {
    return options_.target.text() + " cannot hold a path";
  }

 private:
  PathTemplateOptions options_;
};

}  // namespace

Result<PathTemplate> PathTemplate::make(const std::vector<std::string>& routes,
                                        std::size_t most_segments) {
  PathTemplate made;
  made.most_segments_ = std::clamp<std::size_t>(most_segments, 1, kMostSegments);
  for (const std::string& text : routes) {
    Route route{text, {}, false};
    std::string_view path = text;
    if (!path.starts_with('/')) {
      return Error{Errc::kSyntax, {}, "found '" + text + "', expected a route such as /users/:id"};
    }
    Segment next;
    while (take_segment(path, next)) {
      const std::string_view segment = next.text;
      if (segment == "*" && path.empty()) {
        route.open = true;
      } else if (segment.find('*') != std::string_view::npos) {
        return Error{Errc::kSyntax,
                     {},
                     "found '" + text + "', expected * only as the last segment of a route"};
      } else {
        route.segments.emplace_back(segment.starts_with(':') ? ":" : segment);
      }
    }
    if (!path.empty()) {
      return Error{Errc::kSyntax,
                   {},
                   "found '" + text + "', expected a route without what stands behind ? # or ;"};
    }
    made.routes_.push_back(std::move(route));
  }
  return made;
}

const PathTemplate::Route* PathTemplate::find_route(std::string_view path) const noexcept {
  const auto fits = [path](const Route& route) {
    std::string_view left = path;
    Segment found;
    for (const std::string& segment : route.segments) {
      if (!take_segment(left, found)) return false;
      if (segment == ":" ? found.text.empty() : found.text != segment) return false;
    }
    return left.starts_with('/') == route.open;
  };
  const auto found = std::ranges::find_if(routes_, fits);
  return found == routes_.end() ? nullptr : &*found;
}

std::string_view PathTemplate::of(std::string_view text, TextArena& arena) const {
  std::string_view path = from_path(text);
  if (path.empty()) return text == "*" ? text : kOther;
  if (!routes_.empty()) {
    if (const Route* const route = find_route(path)) return route->text;
  }
  char* const begin = arena.allocate(path.size() * kMostGrowth + kMostGrowth);
  Writer out(begin);
  std::size_t segments = 0;
  Segment segment;
  while (take_segment(path, segment)) {
    out.add("/");
    if (segments++ == most_segments_) {
      out.add("*");
      break;
    }
    add_segment(segment, out);
  }
  const auto size = static_cast<std::size_t>(out.at() - begin);
  arena.shrink_to(begin, size);
  return {begin, size};
}

OperationPtr make_path_template(PathTemplateOptions options) {
  return std::make_unique<Template>(std::move(options));
}

}  // namespace tocsin::rules::parse
