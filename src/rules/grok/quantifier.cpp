#include "src/rules/grok/quantifier.hpp"

#include <charconv>
#include <string_view>
#include <system_error>

namespace tocsin::rules::grok {
namespace {

constexpr std::uint32_t kMostRepeats = 65'535;  // PCRE2's limit

using Kind = Quantifier::Kind;

// "{n}", "{n,}", "{,n}" or "{n,m}". Anything else is text, and nothing is passed.
std::optional<Quantifier> take_interval(Cursor& cursor) {
  const std::size_t begin = cursor.offset();
  const std::string_view text = cursor.rest();
  const std::size_t close = text.find('}');
  if (!text.starts_with('{') || close == std::string_view::npos) return {};
  const std::string_view inner = text.substr(1, close - 1);
  if (inner.empty() || inner.find_first_not_of("0123456789,") != std::string_view::npos) return {};
  const std::size_t comma = inner.find(',');
  const std::string_view low = inner.substr(0, comma);
  const std::string_view high = comma == std::string_view::npos ? low : inner.substr(comma + 1);
  if ((low.empty() && high.empty()) || high.find(',') != std::string_view::npos) return {};
  Quantifier quantifier;
  const auto number = [&](std::string_view digits, std::uint32_t& out) {
    if (digits.empty()) return;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (parsed.ec != std::errc() || out > kMostRepeats) {
      cursor.fail(begin, "found the repeat count " + std::string(digits) + ", expected at most " +
                             std::to_string(kMostRepeats));
    }
  };
  number(low, quantifier.least);
  number(high, quantifier.most);
  if (quantifier.least > quantifier.most) {
    cursor.fail(begin, "found the interval " + std::string(text.substr(0, close + 1)) +
                           ", expected the smaller number first");
  }
  cursor.skip(close + 1);
  return quantifier;
}

bool is_simple(const Quantifier& q) {
  return q.kind == Kind::kGreedy && q.least <= 1 &&
         (q.most == Quantifier::kUnbounded || (q.least == 0 && q.most == 1));
}

}  // namespace

std::optional<Quantifier> take_quantifier(Cursor& cursor) {
  Quantifier quantifier;
  if (cursor.take("*")) {
  } else if (cursor.take("+")) {
    quantifier.least = 1;
  } else if (cursor.take("?")) {
    quantifier.most = 1;
  } else {
    const auto interval = take_interval(cursor);
    if (interval && interval->least != interval->most && cursor.take("?")) {
      return Quantifier{interval->least, interval->most, Kind::kLazy};
    }
    return interval;
  }
  if (cursor.take("?")) {
    quantifier.kind = Kind::kLazy;
  } else if (cursor.take("+")) {
    quantifier.kind = Kind::kPossessive;
  }
  return quantifier;
}

std::optional<Quantifier> collapsed(const Quantifier& inner, const Quantifier& outer) {
  if (!is_simple(inner) || !is_simple(outer)) return {};
  Quantifier both;
  both.least = inner.least * outer.least;
  both.most = inner.most == 1 && outer.most == 1 ? 1 : Quantifier::kUnbounded;
  return both;
}

void append(const Quantifier& quantifier, std::string& out) {
  const auto& [least, most, kind] = quantifier;
  if (least == 0 && most == Quantifier::kUnbounded) {
    out += "*";
  } else if (least == 1 && most == Quantifier::kUnbounded) {
    out += "+";
  } else if (least == 0 && most == 1) {
    out += "?";
  } else {
    out += "{" + std::to_string(least);
    if (most == Quantifier::kUnbounded) {
      out += ",";
    } else if (most != least) {
      out += "," + std::to_string(most);
    }
    out += "}";
  }
  if (kind == Kind::kLazy) out += "?";
  if (kind == Kind::kPossessive) out += "+";
}

}  // namespace tocsin::rules::grok
