#include "src/rules/grok/property.hpp"

#include <memory>
#include <string>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace tocsin::rules::grok {
namespace {

struct Alias {
  std::string_view name;   // lower case, without blanks, '-' and '_'
  std::string_view items;  // as PCRE2 takes them within brackets
  bool negated = false;
};

constexpr Alias kPosix[] = {
    {"alnum", "\\p{L}\\p{M}\\p{Nd}"},
    {"alpha", "\\p{L}\\p{M}"},
    {"ascii", "\\x{0}-\\x{7f}"},
    {"blank", "\\p{Zs}\\t"},
    {"cntrl", "\\p{C}"},
    {"digit", "\\p{Nd}"},
    {"graph", "\\p{Z}\\t-\\r\\x{85}\\p{Cc}\\p{Cn}\\p{Cs}", true},
    {"lower", "\\p{Ll}"},
    {"print", "\\p{Zl}\\p{Zp}\\p{Cc}\\p{Cn}\\p{Cs}", true},
    {"punct", "\\p{P}$+<=>^`|~"},
    {"space", "\\p{Z}\\t-\\r\\x{85}"},
    {"upper", "\\p{Lu}"},
    {"word", kWordItems},
    {"xdigit", "0-9A-Fa-f"},
};

// Long names of general categories, which PCRE2 10.42 knows only by their letters.
constexpr Alias kCategories[] = {
    {"any", "\\p{Any}"},
    {"assigned", "\\p{Cn}", true},
    {"other", "\\p{C}"},
    {"control", "\\p{Cc}"},
    {"format", "\\p{Cf}"},
    {"unassigned", "\\p{Cn}"},
    {"privateuse", "\\p{Co}"},
    {"surrogate", "\\p{Cs}"},
    {"letter", "\\p{L}"},
    {"casedletter", "\\p{L&}"},
    {"lowercaseletter", "\\p{Ll}"},
    {"modifierletter", "\\p{Lm}"},
    {"otherletter", "\\p{Lo}"},
    {"titlecaseletter", "\\p{Lt}"},
    {"uppercaseletter", "\\p{Lu}"},
    {"mark", "\\p{M}"},
    {"combiningmark", "\\p{M}"},
    {"spacingmark", "\\p{Mc}"},
    {"enclosingmark", "\\p{Me}"},
    {"nonspacingmark", "\\p{Mn}"},
    {"number", "\\p{N}"},
    {"decimalnumber", "\\p{Nd}"},
    {"letternumber", "\\p{Nl}"},
    {"othernumber", "\\p{No}"},
    {"punctuation", "\\p{P}"},
    {"connectorpunctuation", "\\p{Pc}"},
    {"dashpunctuation", "\\p{Pd}"},
    {"closepunctuation", "\\p{Pe}"},
    {"finalpunctuation", "\\p{Pf}"},
    {"initialpunctuation", "\\p{Pi}"},
    {"otherpunctuation", "\\p{Po}"},
    {"openpunctuation", "\\p{Ps}"},
    {"symbol", "\\p{S}"},
    {"currencysymbol", "\\p{Sc}"},
    {"modifiersymbol", "\\p{Sk}"},
    {"mathsymbol", "\\p{Sm}"},
    {"othersymbol", "\\p{So}"},
    {"separator", "\\p{Z}"},
    {"lineseparator", "\\p{Zl}"},
    {"paragraphseparator", "\\p{Zp}"},
    {"spaceseparator", "\\p{Zs}"},
};

std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == ' ' || c == '-' || c == '_') continue;
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return out;
}

// What PCRE2 takes "[items]" to mean within ASCII; empty when it does not know the items.
std::optional<CharacterSet> ask_pcre2(std::string_view items) {
  struct Free {
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
    void operator()(pcre2_match_data* match) const { pcre2_match_data_free(match); }
  };
  const std::string pattern = "[" + std::string(items) + "]";
  int error = 0;
  PCRE2_SIZE offset = 0;
  const std::unique_ptr<pcre2_code, Free> code(
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), PCRE2_UTF, &error,
                    &offset, nullptr));
  const std::unique_ptr<pcre2_match_data, Free> match(pcre2_match_data_create(1, nullptr));
  if (!code || !match) return {};
  CharacterSet::Ascii ascii;
  for (std::size_t c = 0; c < ascii.size(); ++c) {
    const auto byte = static_cast<PCRE2_UCHAR>(c);
    ascii[c] = pcre2_match(code.get(), &byte, 1, 0, 0, match.get(), nullptr) > 0;
  }
  return CharacterSet::property(ascii, std::string(items));
}

template <std::size_t N>
std::optional<CharacterSet> find_in(const Alias (&aliases)[N], const std::string& name) {
  for (const Alias& alias : aliases) {
    if (alias.name != name) continue;
    const std::optional<CharacterSet> set = ask_pcre2(alias.items);
    return set && alias.negated ? ~*set : set;
  }
  return {};
}

bool is_property_name(std::string_view name) {
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '&')) return false;
  }
  return !name.empty();
}

}  // namespace

std::optional<CharacterSet> find_posix_set(std::string_view name) {
  return find_in(kPosix, folded(name));
}

std::optional<CharacterSet> find_property(std::string_view name) {
  const std::string key = folded(name);
  if (auto posix = find_in(kPosix, key)) return posix;
  if (auto category = find_in(kCategories, key)) return category;
  if (!is_property_name(key)) return {};
  return ask_pcre2("\\p{" + key + "}");
}

}  // namespace tocsin::rules::grok
