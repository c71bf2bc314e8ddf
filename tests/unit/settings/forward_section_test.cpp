#include <doctest/doctest.h>

#include <string>

#include "src/settings/sections.hpp"
#include "tests/unit/settings/loaded.hpp"

namespace tocsin::settings {
namespace {

using tests::loaded;

TEST_CASE("results are forwarded nowhere unless somebody asks for it") {
  CHECK(loaded("forward: []").forward.empty());
  CHECK(Settings{}.forward.empty());
}

TEST_CASE("an address is host and port, and of a carbon perhaps an instance") {
  const auto address = [](const std::string& text) {
    return loaded("forward: {to: graphite, addresses: ['" + text + "']}")
        .forward.at(0)
        .addresses.at(0);
  };
  CHECK(address("10.0.0.1:2003") == ForwardAddress{{Address::Family::kIpv4, "10.0.0.1", 2003}, ""});
  CHECK(address("carbon.example:2004:b") ==
        ForwardAddress{{Address::Family::kName, "carbon.example", 2004}, "b"});
  CHECK(address("[::1]:2004:7") == ForwardAddress{{Address::Family::kIpv6, "::1", 2004}, "7"});
  CHECK(format_address(address("[::1]:2004:7")) == "[::1]:2004:7");
  CHECK(format_address(address("10.0.0.1:2003")) == "10.0.0.1:2003");
}

TEST_CASE("a destination is named after what it speaks, if nobody names it") {
  const Settings settings = loaded(
      "forward:\n"
      "  - {to: graphite, addresses: ['10.0.0.1:2003']}\n"
      "  - {to: riemann, addresses: ['10.0.0.1:5555']}\n");
  REQUIRE(settings.forward.size() == 2);
  CHECK(settings.forward[0].name == "graphite");
  CHECK(settings.forward[1].name == "riemann");
  CHECK(settings.forward[1].to == ForwardTo::kRiemann);
}

TEST_CASE("every key of a destination is read") {
  const Settings settings = loaded(
      "forward:\n"
      "  - name: a\n"
      "    to: graphite\n"
      "    addresses: ['10.0.0.1:2003:x', '10.0.0.2:2003:y']\n"
      "    protocol: pickle\n"
      "    hashing: fnv1a_ch\n"
      "    replicas: 2\n"
      "    diverse_replicas: true\n"
      "    where: 'host = \"b\"'\n"
      "    prefix: p.\n"
      "    connect_timeout: 1s\n"
      "    spool: 2MiB\n");
  const Forward& forward = settings.forward.at(0);
  CHECK(forward.protocol == GraphiteProtocol::kPickle);
  CHECK(forward.hashing == Hashing::kFnv1a);
  CHECK(forward.replicas == 2);
  CHECK(forward.diverse_replicas);
  CHECK(forward.where.text() == "host = \"b\"");
  CHECK(forward.where.where("1:8") == "t.yaml:9:20");
  CHECK(forward.prefix == "p.");
  CHECK(forward.connect_timeout == std::chrono::seconds(1));
  CHECK(forward.spool_bytes == 2 << 20);
}

TEST_CASE("more destinations than there are bits for are refused") {
  std::string text = "forward:\n";
  for (std::size_t i = 0; i <= kMaxForwards; ++i) {
    text += "  - {name: d" + std::to_string(i) + ", to: graphite, addresses: ['10.0.0.1:1']}\n";
  }
  const auto result = parse_settings(text, "t.yaml", tests::empty_environment);
  REQUIRE(result.errors.size() == 1);
  CHECK(result.errors[0].where == "t.yaml:34:5");
  CHECK(result.errors[0].code == Errc::kLimit);
}

}  // namespace
}  // namespace tocsin::settings
