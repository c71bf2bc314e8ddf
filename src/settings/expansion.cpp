#include "src/settings/expansion.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace tocsin::settings {
namespace {

bool is_name_char(char c, bool first) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
         (!first && c >= '0' && c <= '9');
}

// The inside of "${...}", taken apart.
struct Reference {
  std::string_view name;
  char operation = 0;         // 0, '-' or '?'
  std::string_view argument;  // the default or the message
};

std::optional<Reference> parse_reference(std::string_view inside) {
  std::size_t length = 0;
  while (length < inside.size() && is_name_char(inside[length], length == 0)) ++length;
  if (length == 0) return std::nullopt;
  Reference reference{inside.substr(0, length), 0, {}};
  const std::string_view rest = inside.substr(length);
  if (rest.empty()) return reference;
  if (rest.size() < 2 || rest[0] != ':' || (rest[1] != '-' && rest[1] != '?')) return std::nullopt;
  reference.operation = rest[1];
  reference.argument = rest.substr(2);
  return reference;
}

// The value of one reference; empty after a complaint at `position`.
std::optional<std::string> value_of(const Reference& reference, const Environment& environment,
                                    Position position, Complaints& complaints) {
  std::optional<std::string> value = environment(reference.name);
  if (value && (!value->empty() || reference.operation == 0)) return value;
  if (reference.operation == '-') return std::string(reference.argument);
  std::string text =
      "environment variable " + std::string(reference.name) + " is not set, expected ";
  if (reference.operation == '?' && !reference.argument.empty()) {
    text += on_one_line(reference.argument);
  } else {
    text += "a value (or write ${" + std::string(reference.name) + ":-default})";
  }
  complaints.add(Errc::kUnknownName, position, std::move(text));
  return std::nullopt;
}

}  // namespace

Environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

std::optional<Excerpt> expand(const Excerpt& scalar, const Environment& environment,
                              std::size_t max_bytes, Complaints& complaints) {
  const std::string_view text = scalar.text;
  if (text.find("${") == std::string_view::npos) return scalar;
  Excerpt out;
  std::size_t copied = 0;  // text[0, copied) is in `out`
  auto anchor = scalar.anchors.begin();
  // `place`, an anchor of the scalar at or behind `copied`, as an anchor of `out`.
  const auto moved = [&](Excerpt::Anchor place) {
    place.offset = out.text.size() + (std::max(place.offset, copied) - copied);
    return place;
  };
  const auto copy_until = [&](std::size_t end) {
    if (copied < end) out.anchors.push_back(moved(scalar.anchor_at(copied)));
    for (; anchor != scalar.anchors.end() && anchor->offset < end; ++anchor) {
      if (anchor->offset > copied) out.anchors.push_back(moved(*anchor));
    }
    out.text += text.substr(copied, end - copied);
    copied = end;
  };
  bool good = true;
  for (std::size_t at = text.find("${"); at != std::string_view::npos;
       at = text.find("${", copied)) {
    if (at > copied && text[at - 1] == '$') {  // $${: keep "${", drop the first '$'
      copy_until(at - 1);
      copied = at;
      copy_until(at + 2);
      continue;
    }
    copy_until(at);
    const Position position = scalar.position(at);
    const std::size_t close = text.find('}', at);
    if (close == std::string_view::npos) {
      complaints.add(Errc::kSyntax, position, "found '${' without '}', expected ${NAME}");
      return std::nullopt;
    }
    const std::string_view inside = text.substr(at + 2, close - at - 2);
    const auto reference = parse_reference(inside);
    if (!reference) {
      complaints.add(Errc::kSyntax, position,
                     "found " + in_quotes(text.substr(at, close + 1 - at)) +
                         ", expected ${NAME}, ${NAME:-default} or ${NAME:?message}");
      good = false;
    } else if (const auto value = value_of(*reference, environment, position, complaints)) {
      out.anchors.push_back({out.text.size(), position, true});
      out.text += *value;
    } else {
      good = false;
    }
    if (out.text.size() > max_bytes) {
      complaints.add(Errc::kLimit, position,
                     "found variables that expand to too much text, expected at most " +
                         std::to_string(max_bytes) + " bytes");
      return std::nullopt;
    }
    copied = close + 1;
  }
  copy_until(text.size());
  out.anchors.push_back(moved(scalar.anchor_at(text.size())));
  if (!good) return std::nullopt;
  return out;
}

}  // namespace tocsin::settings
