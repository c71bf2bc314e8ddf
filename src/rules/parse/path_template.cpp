#include "src/rules/parse/path_template.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
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
    } else {
      traits[c] = c == '%' || c == '+' || c >= 0x80 || c < 0x21 ? kFree : kPunctuation;
    }
  }
  return traits;
}();

std::uint8_t trait(char c) noexcept {
  return kTraits[static_cast<unsigned char>(c)];
}

unsigned traits_of(std::string_view text) noexcept {
  unsigned traits = 0;
  for (const char c : text) traits |= trait(c);
  return traits;
}

// Whether hexadecimal digits stand where `form` has x and digits where it has 9; else they are alike.
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
    std::memcpy(at_, text.data(), text.size());
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

void add_segment(std::string_view segment, Writer& out) noexcept {
  const unsigned traits = traits_of(segment);
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

// The path of a request: without scheme and host, and what stands behind it. Empty: there is none.
std::string_view path_of(std::string_view text) noexcept {
  if (const std::size_t scheme = text.find("://");
      scheme != std::string_view::npos && !text.starts_with('/') &&
      (traits_of(text.substr(0, scheme)) & ~unsigned{kLetter | kHexLetter | kDigit}) == 0) {
    const std::size_t begin = text.find('/', scheme + 3);
    text = begin == std::string_view::npos ? "/" : text.substr(begin);
  }
  if (!text.starts_with('/')) return {};
  return text.substr(0, text.find_first_of("?#;"));
}

// Takes the segment off the front of `path`, which begins with '/'.
std::string_view next_segment(std::string_view& path) noexcept {
  path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
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
    while (!path.empty()) {
      const std::string_view segment = next_segment(path);
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
    made.routes_.push_back(std::move(route));
  }
  return made;
}

const PathTemplate::Route* PathTemplate::find_route(std::string_view path) const noexcept {
  const auto fits = [path](const Route& route) {
    std::string_view left = path;
    for (const std::string& segment : route.segments) {
      if (left.empty()) return false;
      const std::string_view found = next_segment(left);
      if (segment == ":" ? found.empty() : found != segment) return false;
    }
    return route.open ? !left.empty() : left.empty();
  };
  const auto found = std::ranges::find_if(routes_, fits);
  return found == routes_.end() ? nullptr : &*found;
}

std::string_view PathTemplate::of(std::string_view text, TextArena& arena) const {
  std::string_view path = path_of(text);
  if (path.empty()) return text == "*" ? text : kOther;
  if (const Route* const route = find_route(path)) return route->text;
  char* const begin = arena.allocate(path.size() * kMostGrowth + kMostGrowth);
  Writer out(begin);
  std::size_t segments = 0;
  while (!path.empty()) {
    out.add("/");
    if (segments++ == most_segments_) {
      out.add("*");
      break;
    }
    add_segment(next_segment(path), out);
  }
  const auto size = static_cast<std::size_t>(out.at() - begin);
  arena.shrink_to(begin, size);
  return {begin, size};
}

OperationPtr make_path_template(PathTemplateOptions options) {
  return std::make_unique<Template>(std::move(options));
}

}  // namespace tocsin::rules::parse
