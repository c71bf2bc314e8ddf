#include "src/rules/grok/engine/scanners.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace tocsin::rules::grok::engine {
namespace {

// As dialect.cpp writes them.
const std::string kDay = R"((?:0[1-9]|[12][0-9]|3[01]|[1-9]))";
const std::string kMonthName =
    R"(\b(?:[Jj]an(?:uary|uar)?|[Ff]eb(?:ruary|ruar)?|[Mm][a]?r(?:ch|z)?|[Aa]pr(?:il)?|[Mm]a[iy]?|)"
    R"([Jj]un[ei]?|[Jj]ul[iy]?|[Aa]ug(?:ust)?|[Ss]ep(?:tember)?|[Oo][ck]?t(?:ober)?|)"
    R"([Nn]ov(?:ember)?|[Dd]e[cz](?:ember)?)\b)";
const std::string kYear = R"((?>[0-9][0-9]){1,2})";
const std::string kHour = R"((?:2[0-3]|[01]?[0-9]))";
const std::string kSecond = R"((?:[0-5]?[0-9]|60)(?:[\,\.\:][0-9]+)?)";
const std::string kTime =
    R"((?!\<[0-9])(?:)" + kHour + R"()\:(?:[0-5][0-9])(?:\:(?:)" + kSecond + R"())(?![0-9]))";
const std::string kIpv4 = R"((?<![0-9])(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2}))"
                          R"((?:\.(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})){3}(?![0-9]))";
const std::string kIpv6 =
    R"((?:[0-9A-Fa-f]{1,4}\:(?:(?:\:[0-9A-Fa-f]{1,4}){1,6}|[0-9A-Fa-f]{1,4}\:(?:)"
    R"((?:\:[0-9A-Fa-f]{1,4}){1,5}|[0-9A-Fa-f]{1,4}\:(?:(?:\:[0-9A-Fa-f]{1,4}){1,4}|)"
    R"([0-9A-Fa-f]{1,4}\:(?:(?:\:[0-9A-Fa-f]{1,4}){1,3}|[0-9A-Fa-f]{1,4}\:(?:)"
    R"((?:\:[0-9A-Fa-f]{1,4}){1,2}|[0-9A-Fa-f]{1,4}\:(?:\:[0-9A-Fa-f]{1,4}|)"
    R"([0-9A-Fa-f]{1,4}\:[0-9A-Fa-f]{1,4}))))))|\:(?:\:[0-9A-Fa-f]{1,4}){1,7}|)"
    R"((?:[0-9A-Fa-f]{1,4}\:(?:(?:\:[0-9A-Fa-f]{1,4}){0,4}\:|[0-9A-Fa-f]{1,4}\:(?:)"
    R"((?:\:[0-9A-Fa-f]{1,4}){0,3}\:|[0-9A-Fa-f]{1,4}\:(?:(?:\:[0-9A-Fa-f]{1,4}){0,2}\:|)"
    R"([0-9A-Fa-f]{1,4}\:(?:(?:\:[0-9A-Fa-f]{1,4})?\:|[0-9A-Fa-f]{1,4}\:(?:\:|)"
    R"([0-9A-Fa-f]{1,4}\:)))))|\:(?:\:[0-9A-Fa-f]{1,4}){0,5}\:))"
    R"((?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9]))"
    R"((?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}|)"
    R"((?:[0-9A-Fa-f]{1,4}\:){1,7}\:|\:\:)(?:\%.+)?)";
const std::string kHostname =
    R"(\b[0-9A-Za-z][\-0-9A-Za-z]{0,62}(?:\.[0-9A-Za-z][\-0-9A-Za-z]{0,62})*(?:\.?|\b))";
const std::string kIp = "(?:(?:" + kIpv6 + ")|(?:" + kIpv4 + "))";

struct Known {
  Scanner scanner;
  SyntaxTree tree;
  // What must not be able to come next for the match to be the only one; machine_body.hpp says why.
  ByteSet not_next;
};

std::vector<Known> make_known() {
  const ByteSet digits = byte_range('0', '9');
  const ByteSet letters = byte_range('a', 'z') | byte_range('A', 'Z');
  const ByteSet host = digits | letters | byte_range('-', '.');
  const ByteSet iso = digits | byte_range('+', '.') | byte_range(':', ':') | byte_range('Z', 'Z');
  std::vector<Known> known;
  const auto add = [&](Scanner scanner, const std::string& written, const ByteSet& not_next) {
    known.push_back({scanner, *SyntaxTree::read(written, Encoding::kAscii), not_next});
  };
  add(Scanner::kWord, R"(\b[0-9A-Z\_a-z]+\b)", {});
  add(Scanner::kPositive, R"(\b[1-9][0-9]*\b)", {});
  add(Scanner::kDigits, R"(\b[0-9]+\b)", {});
  add(Scanner::kInteger, R"([\+\-]?[0-9]+)", digits);
  add(Scanner::kNumber, R"((?<![\+\-\.0-9])(?>[\+\-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)))", {});
  add(Scanner::kQuoted,
      R"((?<!\\)(?>\"(?>\\.|[^\"\\]+)*\"|\'(?>\\.|[^\'\\]+)*\'|\`(?>\\.|[^\\\`]+)*\`))", {});
  add(Scanner::kAddress, kIp, {});
  add(Scanner::kAddress, kIpv4, {});
  add(Scanner::kHost, "(?:(?:" + kIp + ")|(?:" + kHostname + "))", host);
  add(Scanner::kHost, kHostname, host);
  add(Scanner::kHttpDate,
      "(?:" + kDay + R"()\/(?:)" + kMonthName + R"()\/(?:)" + kYear + R"()\:(?:)" + kTime +
          R"() (?:[\+\-]?[0-9]+))",
      digits);
  add(Scanner::kSyslogTimestamp, "(?:" + kMonthName + ") +(?:" + kDay + ") (?:" + kTime + ")", {});
  add(Scanner::kIsoTimestamp,
      "(?:" + kYear + R"()\-(?:(?:0?[1-9]|1[0-2]))\-(?:)" + kDay + R"()[\x{20}T](?:)" + kHour +
          R"()\:?(?:[0-5][0-9])(?:\:?(?:)" + kSecond + R"())?(?:(?:Z|[\+\-](?:)" + kHour +
          R"()(?:\:?(?:[0-5][0-9]))))?)",
      iso);
  return known;
}

bool is_same(const Node& a, const Node& b) {
  return a.kind == b.kind && a.set == b.set && a.least == b.least && a.most == b.most &&
         a.greed == b.greed && a.negated == b.negated && a.assertion == b.assertion &&
         a.kind != Node::Kind::kCapture && a.kind != Node::Kind::kOpaque &&
         std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(),
                    [](const Node* x, const Node* y) { return is_same(*x, *y); });
}

}  // namespace

std::optional<Scanner> find_scanner(const Node& node, const ByteSet& next) {
  static const std::vector<Known> known = make_known();
  for (const Known& one : known) {
    if ((one.not_next & next).none() && is_same(one.tree.root(), node)) return one.scanner;
  }
  return {};
}

}  // namespace tocsin::rules::grok::engine
