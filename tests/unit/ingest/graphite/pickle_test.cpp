#include "ingest/graphite/pickle.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace tocsin::graphite {
namespace {

using namespace std::string_literals;

constexpr std::size_t kValues = 10'000;

// A value as text: 'text', 12, 0.5, True, None, [..], (..).
std::string shown(const Pickle& pickle, const Pickle::Value& value, std::string_view bytes) {
  using Kind = Pickle::Kind;
  switch (value.kind) {
    case Kind::kUnset:
      return "unset";
    case Kind::kNone:
      return "None";
    case Kind::kBool:
      return value.integer != 0 ? "True" : "False";
    case Kind::kInteger:
      return std::to_string(value.integer);
    case Kind::kReal:
      return doctest::toString(value.real).c_str();
    case Kind::kText:
      return "'" + std::string(pickle.text(value, bytes)) + "'";
    default:
      break;
  }
  std::string text;
  for (auto i = pickle.first(value); i != Pickle::kEnd; i = pickle.next(i)) {
    text += (text.empty() ? "" : ", ") + shown(pickle, pickle.item(i), bytes);
  }
  return value.kind == Kind::kList ? "[" + text + "]" : "(" + text + ")";
}

std::string shown(std::string_view bytes) {
  Pickle pickle(kValues);
  const auto refusal = pickle.read(bytes);
  REQUIRE_MESSAGE(!refusal, std::string(refusal->text));
  return shown(pickle, pickle.root(), bytes);
}

double real(std::string_view bytes) {
  Pickle pickle(kValues);
  REQUIRE_FALSE(pickle.read(bytes).has_value());
  REQUIRE(pickle.root().kind == Pickle::Kind::kReal);
  return pickle.root().real;
}

Refusal refused(std::string_view bytes, std::size_t max_values = kValues) {
  Pickle pickle(max_values);
  const auto refusal = pickle.read(bytes);
  REQUIRE_MESSAGE(refusal.has_value(), std::string(bytes));
  CHECK_FALSE(refusal->text.empty());
  return *refusal;
}

TEST_CASE("constants") {
  CHECK(shown("N.") == "None");
  CHECK(shown("\x88.") == "True");
  CHECK(shown("\x89.") == "False");
  CHECK(shown("I01\n.") == "True");
  CHECK(shown("I00\n.") == "False");
}

TEST_CASE("integers in every form") {
  CHECK(shown("I42\n.") == "42");
  CHECK(shown("I-7\n.") == "-7");
  CHECK(shown("L1795229725L\n.") == "1795229725");
  CHECK(shown("L-5\n.") == "-5");
  CHECK(shown("L01\n.") == "1");
  CHECK(shown("J\x48\x05\x01\x6b.") == "1795229000");
  CHECK(shown("J\xfd\xff\xff\xff.") == "-3");
  CHECK(shown("K\xff.") == "255");
  CHECK(shown("M\xff\xff.") == "65535");
  CHECK(shown("\x8a\x00."s) == "0");
  CHECK(shown("\x8a\x01\xff.") == "-1");
  CHECK(shown("\x8a\x02\xff\x00."s) == "255");
  CHECK(shown("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f.") == "9223372036854775807");
  CHECK(shown("\x8b\x01\x00\x00\x00\x05."s) == "5");
}

TEST_CASE("integers beyond 64 bits are doubles, correctly rounded") {
  CHECK(real("L1180591620717411303424L\n.") == 0x1p70);
  CHECK(real("I9223372036854775808\n.") == 0x1p63);
  CHECK(real("\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x40."s) == 0x1p70);
  CHECK(real("\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\xc0."s) == -0x1p70);
  CHECK(real("\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x80\x00."s) == 0x1p63);
  // 2^64 + 2^11 lies between two doubles: even wins, unless a bit far behind says otherwise.
  CHECK(real("\x8a\x09\x00\x08\x00\x00\x00\x00\x00\x00\x01."s) == 0x1p64);
  CHECK(real("\x8a\x0a\x01\x00\x08\x00\x00\x00\x00\x00\x00\x01."s) == 0x1.0000000000001p72);
  CHECK(refused("\x8a\x81" + std::string(129, '\0') + ".").cause == RejectCause::kUnsupported);
}

TEST_CASE("floats as text and as eight bytes, big-endian") {
  CHECK(real("F12.5\n.") == 12.5);
  CHECK(real("F7\n.") == 7);
  CHECK(real("F1e+300\n.") == 1e300);
  CHECK(real("G\x40\x29\x00\x00\x00\x00\x00\x00."s) == 12.5);
}

TEST_CASE("texts in every form") {
  CHECK(shown("S'web'\n.") == "'web'");
  CHECK(shown("S\"it's\"\n.") == "'it's'");
  CHECK(shown("Vweb\n.") == "'web'");
  CHECK(shown("U\x03web.") == "'web'");
  CHECK(shown("T\x03\x00\x00\x00web."s) == "'web'");
  CHECK(shown("X\x03\x00\x00\x00web."s) == "'web'");
  CHECK(shown("\x8c\x03web.") == "'web'");
  CHECK(shown("\x8d\x03\x00\x00\x00\x00\x00\x00\x00web."s) == "'web'");
  CHECK(shown("B\x03\x00\x00\x00web."s) == "'web'");
  CHECK(shown("C\x03web.") == "'web'");
  CHECK(shown("U\x00."s) == "''");
}

TEST_CASE("escapes of quoted texts are Python's") {
  CHECK(shown(R"(S'a\\b\'c\"d')"
              "\n.") == R"('a\b'c"d')");
  CHECK(shown(R"(S'\x41\102\t\0017\q')"
              "\n.") ==
        "'AB\t\001"
        "7\\q'");
  CHECK(shown(R"(S'gr\xc3\xb6')"
              "\n.") == "'gr\xC3\xB6'");
  for (const char* bytes :
       {"Sweb\n.", "S'web\n.", "S'\n.", "S'web\"\n.", "S'a\\'\n.", "S'\\x4'\n."}) {
    CAPTURE(bytes);
    CHECK(refused(bytes).cause == RejectCause::kSyntax);
  }
}

TEST_CASE("unicode lines are Latin-1 with escapes") {
  CHECK(shown("Vgr\xF6\xDF"
              "e\n.") ==
        "'gr\xC3\xB6\xC3\x9F"
        "e'");
  CHECK(shown("V\\u00f6\\U0001F600\n.") == "'\xC3\xB6\xF0\x9F\x98\x80'");
  CHECK(shown("V\\ud83d\\ude00\n.") == "'\xF0\x9F\x98\x80'");
  CHECK(shown("V\\u20ac \\n\n.") == "'\xE2\x82\xAC \\n'");
  CHECK(shown("V\\ud83dx\n.") == "'\xED\xA0\xBDx'");
  CHECK(refused("V\\u12\n.").cause == RejectCause::kSyntax);
  CHECK(refused("V\\U00110000\n.").cause == RejectCause::kSyntax);
}

TEST_CASE("lists and tuples in every form") {
  CHECK(shown("].") == "[]");
  CHECK(shown(").") == "()");
  CHECK(shown("(l.") == "[]");
  CHECK(shown("(t.") == "()");
  CHECK(shown("(K\x01K\x02l.") == "[1, 2]");
  CHECK(shown("(K\x01K\x02t.") == "(1, 2)");
  CHECK(shown("K\x01\x85.") == "(1)");
  CHECK(shown("K\x01K\x02\x86.") == "(1, 2)");
  CHECK(shown("K\x01K\x02K\x03\x87.") == "(1, 2, 3)");
  CHECK(shown("]K\x01"
              "aK\x02"
              "a.") == "[1, 2]");
  CHECK(shown("](K\x01K\x02"
              "e(e(K\x03"
              "e.") == "[1, 2, 3]");
  CHECK(shown("](((K\x01K\x02tte.") == "[((1, 2))]");
}

TEST_CASE("remembered values come back, also when others were made since") {
  CHECK(shown("]q\x00(U\x01"
              "aq\x01h\x01g1\nj\x01\x00\x00\x00"
              "e."s) == "['a', 'a', 'a', 'a']");
  CHECK(shown("]p0\n(I1\np1\nI2\np1\nh\x01"
              "e."s) == "[1, 2, 2]");
  CHECK(shown("]\x94(K\x05\x94h\x01"
              "e."s) == "[5, 5]");
  CHECK(shown("]r\x00\x00\x00\x00(K\x05r\x01\x00\x00\x00h\x01"
              "e."s) == "[5, 5]");
}

TEST_CASE("numbers of remembered values may begin with 1, as in Python 2") {
  CHECK(shown("]q\x01(K\x05q\x02h\x02"
              "e.") == "[5, 5]");
  CHECK(refused("]q\x02.").cause == RejectCause::kUnsupported);
  CHECK(refused("]r\xff\xff\xff\xff.").cause == RejectCause::kUnsupported);
  CHECK(refused("](K\x05q\x01h\x00"
                "e."s)
            .cause == RejectCause::kSyntax);
}

TEST_CASE("a tuple may stand in several places") {
  CHECK(shown("](K\x01K\x02\x86q\x00h\x00h\x00"
              "e."s) == "[(1, 2), (1, 2), (1, 2)]");
}

TEST_CASE("nothing can contain itself") {
  CHECK(refused("]q\x00h\x00"
                "a."s)
            .cause == RejectCause::kUnsupported);
  // A tuple with the list in it cannot be put into that list.
  CHECK(refused("]q\x00h\x00\x85"
                "a."s)
            .cause == RejectCause::kUnsupported);
  // Nor can anything with items be added to a list that stands in another.
  CHECK(refused("]]q\x00"
                "ah\x00)"
                "a."s)
            .cause == RejectCause::kUnsupported);
}

TEST_CASE("sharing does not unfold, however often it is doubled") {
  std::string bytes = "K\x01\x85q\x00"s;
  for (char level = 0; level < 14; ++level) {
    bytes += 'h';
    bytes += level;
    bytes += "\x86q";
    bytes += static_cast<char>(level + 1);
  }
  Pickle pickle(kValues);
  REQUIRE_FALSE(pickle.read(bytes + ".").has_value());
  CHECK(pickle.size(pickle.root()) == 2);
}

TEST_CASE("nesting is bounded") {
  const auto nested = [](std::size_t depth) { return ")" + std::string(depth - 1, '\x85') + "."; };
  CHECK_FALSE(shown(nested(Pickle::kMaxDepth)).empty());
  CHECK(refused(nested(Pickle::kMaxDepth + 1)).cause == RejectCause::kUnsupported);
}

TEST_CASE("the number of values is bounded, however they are made") {
  CHECK(refused("(" + std::string(20, 'N') + "l.", 20).cause == RejectCause::kOversized);
  CHECK(refused(std::string(30, '('), 20).cause == RejectCause::kOversized);
  CHECK(refused(std::string(30, ']'), 20).cause == RejectCause::kOversized);
  CHECK(refused("N" + std::string(50, '\x94') + ".", 20).cause == RejectCause::kOversized);
  CHECK(refused("](N\x94" + std::string(30, 'N') + "e.", 20).cause == RejectCause::kOversized);
}

TEST_CASE("an operation that is not for data refuses the pickle, where it stands") {
  const std::string allowed =
      "(.NIJKMLFGSTUVXBC]lae)tpqrghj\x80\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x94\x95";
  for (unsigned operation = 0; operation < 256; ++operation) {
    const char letter = static_cast<char>(operation);
    if (allowed.find(letter) != std::string::npos) continue;
    CAPTURE(operation);
    const Refusal refusal = refused("(S'x'\n"s + letter + "tR.");
    CHECK(refusal.cause == RejectCause::kUnsupported);
    CHECK(refusal.offset == 6);
  }
}

TEST_CASE("operations without what they work on are refused") {
  for (const char* bytes :
       {"t.", "l.", "e.", "a.", "]a.", "\x85.", "N\x86.", "N(\x85.", "](N\x86.", "p0\n.", "q\x01.",
        "\x94.", "h\x01.", "g0\n.", "(e.", "N(Ne.", "NNa."}) {
    CAPTURE(bytes);
    const RejectCause cause = refused(bytes).cause;
    CHECK((cause == RejectCause::kSyntax || cause == RejectCause::kUnsupported));
  }
}

TEST_CASE("malformed operands are refused") {
  for (const char* bytes : {"I\n.", "I-\n.", "I4x\n.", "Ixx\n.", "I4L\n.", "LL\n.", "L4LL\n.",
                            "Fx\n.", "F\n.", "Np\n.", "Np-1\n.", "Npx\n.", "gx\n."}) {
    CAPTURE(bytes);
    CHECK(refused(bytes).cause == RejectCause::kSyntax);
  }
}

TEST_CASE("every pickle that is cut off is refused") {
  const std::string whole =
      "\x80\x02]q\x00(X\x01\x00\x00\x00"
      "aq\x01J\x48\x05\x01\x6bG\x40\x29\x00\x00\x00\x00\x00\x00\x86"
      "\x86S'b'\nI5\nL6L\nF7.5\nVc\n\x8a\x01\x05M\x01\x00K\x01\x87"
      "e."s;
  REQUIRE_FALSE(shown(whole).empty());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK(refused(whole.substr(0, length)).cause == RejectCause::kTruncated);
  }
}

TEST_CASE("lengths are compared with what is left before anything is read") {
  for (const std::string& bytes : {"X\xff\xff\xff\x7f"
                                   "abc."s,
                                   "T\xff\xff\xff\xff"
                                   "abc."s,
                                   "B\xff\xff\xff\xff"
                                   "abc."s,
                                   "\x8d\xff\xff\xff\xff\xff\xff\xff\xff"
                                   "abc."s,
                                   "\x8b\xff\xff\xff\xff"
                                   "abc."s,
                                   "\x95\xff\xff\xff\xff\xff\xff\xff\xff"
                                   "abc."s}) {
    CHECK(refused(bytes).cause == RejectCause::kTruncated);
  }
}

TEST_CASE("protocols up to 5 are read") {
  CHECK(shown("\x80\x05\x95\x02\x00\x00\x00\x00\x00\x00\x00].."s) == "[]");
  CHECK(refused("\x80\x06].").cause == RejectCause::kUnsupported);
}

TEST_CASE("a pickle stops with exactly one value and knows where") {
  CHECK(refused(".").cause == RejectCause::kSyntax);
  CHECK(refused("NN.").cause == RejectCause::kSyntax);
  CHECK(refused("N(.").cause == RejectCause::kSyntax);
  Pickle pickle(kValues);
  REQUIRE_FALSE(pickle.read("N.rest").has_value());
  CHECK(pickle.end() == 2);
}

TEST_CASE("texts survive when the bytes move") {
  Pickle pickle(kValues);
  std::string bytes = "U\x03web.";
  REQUIRE_FALSE(pickle.read(bytes).has_value());
  const std::string moved = bytes;
  bytes.assign(bytes.size(), 'x');
  CHECK(pickle.text(pickle.root(), moved) == "web");
}

TEST_CASE("one reader reads many pickles, and gives memory back between them") {
  Pickle pickle(200'000);
  const std::string large = "(" + std::string(100'000, 'N') + "l.";
  REQUIRE_FALSE(pickle.read(large).has_value());
  CHECK(pickle.size(pickle.root()) == 100'000);
  pickle.shrink();
  REQUIRE_FALSE(pickle
                    .read("]N"
                          "a.")
                    .has_value());
  CHECK(pickle.size(pickle.root()) == 1);
  CHECK(pickle.read("]").has_value());
  REQUIRE_FALSE(pickle.read("(NNt.").has_value());
  CHECK(pickle.size(pickle.root()) == 2);
  CHECK(pickle.place(pickle.root()) == 3);
}

}  // namespace
}  // namespace tocsin::graphite
