#include "ingest/syslog/data_shapes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/syslog/rfc5424.hpp"

namespace tocsin::syslog {
namespace {

// Learns structured data as the decoder does, with "k0", "k1", ... as its keys.
void learn(std::string_view data, DataShapes& shapes) {
  Message message;
  read_rfc5424_data(data, 100, message);
  std::vector<std::string> keys;
  std::vector<AttributeView> attributes;
  for (std::size_t i = 0; i < message.parameters.size(); ++i) {
    keys.push_back("k" + std::to_string(i));
  }
  for (const std::string& key : keys) attributes.push_back({key, {}});
  REQUIRE(message.data == data);
  shapes.learn(data, message.parameters, attributes.data());
}

// "key=value|" for each parameter, and the size; "-" if the shape is not known.
std::string matched(std::string_view text, DataShapes& shapes) {
  // A block of its own, so that a sanitizer sees any byte read outside.
  const auto block = std::make_unique<char[]>(text.size());
  std::copy(text.begin(), text.end(), block.get());
  std::array<AttributeView, DataShapes::kMostParameters> places;
  const DataShapes::Match match = shapes.match({block.get(), text.size()}, places.data());
  if (match.size == 0) return "-";
  std::string out;
  for (std::size_t i = 0; i < match.parameters; ++i) {
    out.append(places[i].key).append("=").append(places[i].value) += '|';
  }
  return out + std::to_string(match.size);
}

constexpr std::string_view kLearnt = "[meta id=\"1\" user=\"me\"][where at=\"here\"]";

TEST_CASE("structured data that differs in its values only is known again") {
  DataShapes shapes;
  CHECK(matched(kLearnt, shapes) == "-");
  learn(kLearnt, shapes);
  CHECK(matched(kLearnt, shapes) == "k0=1|k1=me|k2=here|40");
  CHECK(matched("[meta id=\"\" user=\"a longer value, with blanks\"][where at=\"]\"] text",
                shapes) == "k0=|k1=a longer value, with blanks|k2=]|61");
}

TEST_CASE("what differs in anything else is not") {
  DataShapes shapes;
  learn(kLearnt, shapes);
  for (const char* other :
       {"", "[", "[met", "[meta", "-", "[meta ie=\"1\" user=\"me\"][where at=\"here\"]",
        "[meta id=\"1\" user=\"me\"][where at=\"here\"",
        "[meta id=\"1\" user=\"me\"][where at=\"here\"]x",
        "[meta id=\"1\" user=\"me\"][where at=\"here\"][more]",
        "[meta id=\"1\" user=\"me\"][where at=\"here\" more=\"\"]",
        "[meta id=\"1\" user=\"me\"][where  at=\"here\"]", "[meta id=\"1\" user=\"me\"]",
        "[meta id=\"1\" user=\"m\\\"e\"][where at=\"here\"]", "[meta id=\"1\" user=\"me",
        "[meta id=\"1\" used=\"me\"][where at=\"here\"]"}) {
    CAPTURE(other);
    CHECK(matched(other, shapes) == "-");
  }
}

TEST_CASE("every beginning of what is known is not known, and no byte behind it is read") {
  DataShapes shapes;
  learn(kLearnt, shapes);
  for (std::size_t size = 0; size < kLearnt.size(); ++size) {
    CHECK(matched(kLearnt.substr(0, size), shapes) == "-");
  }
}

TEST_CASE("every byte between the values counts") {
  for (const std::string learnt :
       {"[a b=\"\"]", "[meta id=\"\" n=\"\"]", "[request@32473 id=\"\"]"}) {
    DataShapes shapes;
    learn(learnt, shapes);
    REQUIRE(matched(learnt, shapes) != "-");
    for (std::size_t at = 0; at < learnt.size(); ++at) {
      std::string other = learnt;
      other[at] = other[at] == 'x' ? 'y' : 'x';
      CHECK(matched(other, shapes) == "-");
    }
  }
}

TEST_CASE("what has no shape is not learnt") {
  std::string many = "[meta";
  for (std::size_t i = 0; i <= DataShapes::kMostParameters; ++i) many += " n=\"v\"";
  const std::string long_name(250, 'n');
  for (const std::string& data : {std::string("[meta]"), std::string("[meta id=\"1\"][empty]"),
                                  std::string("[meta id=\"1\" ]"), many + "]",
                                  "[meta " + long_name + "=\"1\" " + long_name + "=\"2\"]"}) {
    CAPTURE(data);
    DataShapes shapes;
    learn(data, shapes);
    CHECK(matched(data, shapes) == "-");
  }
}

TEST_CASE("as many parameters as there is room for are known again") {
  std::string most = "[meta";
  for (std::size_t i = 0; i < DataShapes::kMostParameters; ++i) most += " n=\"v\"";
  most += "]";
  DataShapes shapes;
  learn(most, shapes);
  CHECK(matched(most, shapes).ends_with("k11=v|" + std::to_string(most.size())));
}

TEST_CASE("a shape leaves its place to another when it is asked for in vain again and again") {
  DataShapes shapes;
  learn("[meta a=\"1\"]", shapes);
  const auto ask_for_the_other = [&] {
    const bool known = matched("[meta b=\"1\"]", shapes) != "-";
    if (!known) learn("[meta b=\"1\"]", shapes);
    return known;
  };
  // As long as the first comes in between, it stays.
  for (int i = 0; i < 20; ++i) {
    CHECK_FALSE(ask_for_the_other());
    CHECK(matched("[meta a=\"2\"]", shapes) == "k0=2|12");
  }
  int asked = 1;
  while (!ask_for_the_other() && asked < 10) ++asked;
  CHECK(asked == 5);
  CHECK(matched("[meta a=\"2\"]", shapes) == "-");
}

}  // namespace
}  // namespace tocsin::syslog
