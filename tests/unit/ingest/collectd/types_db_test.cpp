#include "ingest/collectd/types_db.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "tests/unit/ingest/collectd/rig.hpp"

namespace tocsin::collectd::testing {
namespace {

TypesDb parse(std::string_view text) {
  Result<TypesDb> types = TypesDb::parse(text, "types.db");
  REQUIRE(types);
  return *std::move(types);
}

TEST_CASE("a type has its sources, their types and their bounds") {
  const TypesDb types = parse("if_octets\t\trx:DERIVE:0:U, tx:COUNTER:U:4294967295\r\n");
  const DataSet* const set = types.find("if_octets");
  REQUIRE(set != nullptr);
  REQUIRE(set->size() == 2);
  CHECK(set->at(0).name == "rx");
  CHECK(set->at(0).type == DsType::kDerive);
  CHECK(set->at(0).min == 0);
  CHECK(set->at(0).max == std::numeric_limits<double>::infinity());
  CHECK(set->at(1).name == "tx");
  CHECK(set->at(1).type == DsType::kCounter);
  CHECK(set->at(1).min == -std::numeric_limits<double>::infinity());
  CHECK(set->at(1).max == 4294967295.0);
}

TEST_CASE("sources are separated by commas or by blanks, as types.db of collectd 5.12 has both") {
  const auto types = TypesDb::parse(
      "if_rx_tx\trx:DERIVE:0:U tx:DERIVE:0:U\nload a:GAUGE:0:1,b:GAUGE:0:1 , c:GAUGE:0:1\n", "t");
  REQUIRE(types);
  REQUIRE(types->find("if_rx_tx") != nullptr);
  CHECK(types->find("if_rx_tx")->size() == 2);
  CHECK(types->find("if_rx_tx")->back().name == "tx");
  CHECK(types->find("load")->size() == 3);
}

TEST_CASE("comments and empty lines say nothing") {
  const TypesDb types = parse("# types\n\n  \t\n a value:GAUGE:U:U\n#b value:GAUGE:U:U");
  CHECK(types.size() == 1);
  CHECK(types.find("a") != nullptr);
  CHECK(types.find("b") == nullptr);
  CHECK(types.find("") == nullptr);
}

TEST_CASE("a type that is given again replaces the one before") {
  CHECK(parse("a x:GAUGE:U:U\na y:ABSOLUTE:0:U\n").find("a")->at(0).name == "y");
}

TEST_CASE("what is merged in wins") {
  TypesDb types = parse("a x:GAUGE:U:U\nb x:GAUGE:U:U\n");
  types.merge(parse("b y:GAUGE:U:U\nc y:GAUGE:U:U\n"));
  CHECK(types.size() == 3);
  CHECK(types.find("a")->at(0).name == "x");
  CHECK(types.find("b")->at(0).name == "y");
  CHECK(types.find("c")->at(0).name == "y");
}

TEST_CASE("a thousand types are all found, whatever their length") {
  std::string text;
  const auto name = [](int i) {
    return std::string(static_cast<std::size_t>(i % 40), 'x') + std::to_string(i);
  };
  for (int i = 0; i < 1000; ++i) text += name(i) + " v" + std::to_string(i) + ":GAUGE:U:U\n";
  const TypesDb types = parse(text);
  CHECK(types.size() == 1000);
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(types.find(name(i)) != nullptr);
    CHECK(types.find(name(i))->at(0).name == "v" + std::to_string(i));
  }
  CHECK(types.find("x") == nullptr);
}

TEST_CASE("an empty file knows no type") {
  CHECK(parse("").find("load") == nullptr);
}

TEST_CASE("faults are told with their place") {
  struct Case {
    const char* text;
    const char* message;
  };
  for (const Case& c : {
           Case{"a value:GAUGE:U:U\nload\n",
                "types.db:2:1: found 'load', expected a type and its sources"},
           Case{"a value:GAUGE:U",
                "types.db:1:3: found 'value:GAUGE:U', expected "
                "name:GAUGE|DERIVE|COUNTER|ABSOLUTE:min:max"},
           Case{"a x:GAUGE:U:U, y:gauge:0:1",
                "types.db:1:16: found 'y:gauge:0:1', expected "
                "name:GAUGE|DERIVE|COUNTER|ABSOLUTE:min:max"},
           Case{"a x:GAUGE:U:big",
                "types.db:1:3: found 'x:GAUGE:U:big', expected "
                "name:GAUGE|DERIVE|COUNTER|ABSOLUTE:min:max"},
       }) {
    const Result<TypesDb> types = TypesDb::parse(c.text, "types.db");
    REQUIRE_FALSE(types);
    CHECK(types.error().message() == c.message);
  }
}

TEST_CASE("a type has at most 64 sources") {
  std::string text = "many ";
  for (int i = 0; i < 65; ++i) text += (i == 0 ? "v" : ",v") + std::to_string(i) + ":GAUGE:U:U";
  const Result<TypesDb> types = TypesDb::parse(text, "types.db");
  REQUIRE_FALSE(types);
  CHECK(types.error().code == Errc::kLimit);
}

}  // namespace
}  // namespace tocsin::collectd::testing
