#include "src/rules/grok/explain/source_item.hpp"

#include "src/rules/grok/bracket.hpp"
#include "src/rules/grok/cursor.hpp"
#include "src/rules/grok/escape.hpp"
#include "src/rules/grok/quantifier.hpp"

namespace tocsin::rules::grok::explain {
namespace {

// The cursor stands behind the backslash.
void pass_escape(Cursor& cursor) {
  const std::string_view rest = cursor.rest();
  if (rest.starts_with("k<") || rest.starts_with("g<")) {
    (void)cursor.take_until(">");
  } else if (!take_escaped_set(cursor, {}) && !cursor.at_end()) {
    (void)take_escaped_code_point(cursor);
  }
}

// The cursor stands behind the '(' of the first; all that it opens is passed. Iterative: how deep
// groups nest is the user's.
void pass_group(Cursor& cursor) {
  for (int open = 1; open > 0 && !cursor.at_end();) {
    if (cursor.take("(")) {
      ++open;
    } else if (cursor.take(")")) {
      --open;
    } else if (cursor.take("[")) {
      (void)take_bracket(cursor, {});
    } else if (cursor.take("\\")) {
      pass_escape(cursor);
    } else {
      cursor.skip(1);
    }
  }
}

}  // namespace

std::string_view source_item(std::string_view regex, std::size_t at) {
  const std::string_view text = regex.substr(at);
  Cursor cursor(text);
  if (cursor.take("(")) {
    pass_group(cursor);
  } else if (cursor.take("[")) {
    (void)take_bracket(cursor, {});
  } else if (cursor.take("\\")) {
    pass_escape(cursor);
  } else if (!cursor.at_end()) {
    (void)cursor.take_code_point();
  }
  while (take_quantifier(cursor)) {
  }
  return text.substr(0, cursor.offset());
}

}  // namespace tocsin::rules::grok::explain
