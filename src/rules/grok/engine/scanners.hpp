// Frequent parts of log lines, each found by one piece of code instead of many operations.
//
// A scanner stands for one regular expression, letter by letter as the shipped definitions have it,
// and is used where a tree holds just that. It answers for one place in a text: where the only
// match ends that can lead further, that there is none, or that it is not sure. Then the operations
// are run that it stands for, so it may know the usual forms alone. Why "the only match": each
// scanner says.
//
//     "10.2.3.4 - -"  kHost: 8      "fe80::1 -"  kHost: not sure, which IPv6 always is
//
// Source:  the definitions in rules/patterns, which tests compare with those here.
#pragma once

#include <cstdint>
#include <optional>

#include "src/rules/grok/engine/byte_set.hpp"
#include "src/rules/grok/engine/syntax_tree.hpp"

namespace tocsin::rules::grok::engine {

enum class Scanner : std::uint8_t {
  kWord,             // WORD
  kPositive,         // POSINT
  kDigits,           // NONNEGINT
  kInteger,          // INT
  kNumber,           // BASE10NUM
  kQuoted,           // QUOTEDSTRING
  kAddress,          // IP, IPV4
  kHost,             // IPORHOST, HOSTNAME
  kHttpDate,         // HTTPDATE
  kSyslogTimestamp,  // SYSLOGTIMESTAMP
  kIsoTimestamp,     // TIMESTAMP_ISO8601
};

// The scanner that stands for just `node`, whose match is the only one where none of `next` can be
// what comes next.
[[nodiscard]] std::optional<Scanner> find_scanner(const Node& node, const ByteSet& next);

}  // namespace tocsin::rules::grok::engine
