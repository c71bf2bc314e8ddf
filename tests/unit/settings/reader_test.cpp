#include "src/settings/reader.hpp"

#include <doctest/doctest.h>

#include "tests/unit/settings/bad_files.hpp"

namespace tocsin::settings {
namespace {

using namespace std::chrono_literals;

enum class Colour : std::uint8_t { kRed, kGreen };
constexpr Word<Colour> kColours[] = {{"red", Colour::kRed}, {"green", Colour::kGreen}};

// A map with a reader on it.
struct Fixture {
  explicit Fixture(std::string_view yaml)
      : complaints("f"), root(*parse_yaml(yaml, tests::empty_environment, complaints)) {}

  std::vector<std::string> messages() {
    std::vector<std::string> out;
    for (const Error& error : complaints.take()) out.push_back(error.message());
    return out;
  }

  Complaints complaints;
  NodePtr root;
};

TEST_CASE("each getter fills its type") {
  Fixture f("{t: x, e: '', b: true, i: -3, r: 2.5, d: 5m, s: 1KiB, w: green}");
  MapReader map(*f.root, f.complaints);
  std::string text;
  std::string empty = "before";
  bool boolean = false;
  int integer = 0;
  double real = 0;
  Duration duration{};
  std::uint64_t size = 0;
  Colour colour = Colour::kRed;
  CHECK(map.text("t", text));
  CHECK(map.text_or_empty("e", empty));
  CHECK(map.boolean("b", boolean));
  CHECK(map.integer("i", integer, -5, 5));
  CHECK(map.real("r", real, 0, 10));
  CHECK(map.duration("d", duration, 1s, 1h));
  CHECK(map.bytes("s", size, 0, 4096));
  CHECK(map.word("w", colour, kColours));
  map.finish();
  CHECK(f.messages().empty());
  CHECK(text == "x");
  CHECK(empty.empty());
  CHECK(boolean);
  CHECK(integer == -3);
  CHECK(real == 2.5);
  CHECK(duration == 5min);
  CHECK(size == 1024);
  CHECK(colour == Colour::kGreen);
}

TEST_CASE("a missing or wrong key leaves the default") {
  Fixture f("{wrong: many}");
  MapReader map(*f.root, f.complaints);
  int value = 7;
  CHECK_FALSE(map.integer("missing", value, 0, 9));
  CHECK_FALSE(map.integer("wrong", value, 0, 9));
  CHECK(value == 7);
  CHECK(f.messages() ==
        std::vector<std::string>{"f:1:9: found 'many', expected a whole number from 0 to 9"});
}

TEST_CASE("keys that nobody asked for are complained about") {
  Fixture f("{colour: red, size: 1}");
  MapReader map(*f.root, f.complaints);
  Colour colour = Colour::kRed;
  map.word("color", colour, kColours);
  CHECK(map.find("weight") == nullptr);
  map.finish();
  CHECK(f.messages() ==
        std::vector<std::string>{"f:1:2: unknown key 'colour', did you mean 'color'?",
                                 "f:1:15: unknown key 'size', expected color or weight"});
}

TEST_CASE("what is no map has no keys and one complaint") {
  Fixture f("[1]");
  MapReader map(*f.root, f.complaints);
  CHECK_FALSE(map.usable());
  CHECK(map.require("a", "anything") == nullptr);
  map.finish();
  CHECK(f.messages() ==
        std::vector<std::string>{"f:1:1: found a list, expected a map of 'key: value'"});
}

TEST_CASE("a key may be refused with reasons, once") {
  Fixture f("{old: 1}");
  MapReader map(*f.root, f.complaints);
  map.refuse("old", Errc::kUnsupported, "found old, expected new");
  map.refuse("absent", Errc::kUnsupported, "found absent, expected new");
  map.finish();
  CHECK(f.messages() == std::vector<std::string>{"f:1:2: found old, expected new"});
}

}  // namespace
}  // namespace tocsin::settings
