#include "ingest/graphite/templates.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tocsin::graphite {
namespace {

using Texts = std::vector<std::string>;

Templates compiled(const Texts& texts) {
  auto result = Templates::compile(texts);
  REQUIRE_MESSAGE(result.has_value(), result.error().message());
  return *std::move(result);
}

// "HOST|SERVICE|key=value,..." as the templates place a path; "-" when none fits.
std::string placed(const Texts& texts, std::string_view path) {
  const Templates templates = compiled(texts);
  std::string joined;
  Placement placement;
  std::vector<AttributeView> attributes;
  if (!templates.place(path, joined, placement, attributes)) return "-";
  std::string text = std::string(placement.host) + "|" + std::string(placement.service) + "|";
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    text += (i == 0 ? "" : ",") + std::string(attributes[i].key) + "=" +
            std::string(attributes[i].value);
  }
  return text;
}

std::string fault(const Texts& texts) {
  const auto result = Templates::compile(texts);
  REQUIRE_FALSE(result.has_value());
  return result.error().message();
}

TEST_CASE("each target names the component at its place") {
  CHECK(placed({"servers.* .host.resource.service*"}, "servers.web-1.disk.sda.free") ==
        "web-1|sda.free|resource=disk");
  CHECK(placed({".host.service.."}, "a.b.c.d.e") == "b|c|");
  CHECK(placed({".host.service..x"}, "a.b.c.d.e") == "b|c|x=e");
}

TEST_CASE("an empty target skips a component, at the end of a template too") {
  CHECK(placed({"host.service."}, "a.b.c") == "a|b|");
  CHECK(placed({"..service"}, "a.b.c") == "|c|");
}

TEST_CASE("components of one name are joined by dots") {
  CHECK(placed({".host.host.service*"}, "servers.web.example.cpu.user") == "web.example|cpu.user|");
  CHECK(placed({"service.host.service"}, "cpu.web.user") == "web|cpu.user|");
  CHECK(placed({"a.b.a.b.service*"}, "1.2.3.4.x.y") == "|x.y|a=1.3,b=2.4");
  CHECK(placed({"service.host.service*"}, "cpu.web.user.ms") == "web|cpu.user.ms|");
  CHECK(placed({"service.service*"}, "cpu.web.user") == "|cpu.web.user|");
}

TEST_CASE("measurement and field are service too") {
  CHECK(placed({"host.measurement.field"}, "web.cpu.user") == "web|cpu.user|");
  CHECK(placed({"host.measurement*"}, "web.cpu.user") == "web|cpu.user|");
}

TEST_CASE("a star takes all components that are left, into an attribute too") {
  CHECK(placed({"service.path*"}, "cpu.a.b.c") == "|cpu|path=a.b.c");
  CHECK(placed({"service.path*"}, "cpu") == "|cpu|");
}

TEST_CASE("constants follow as key=value, with a filter and without") {
  CHECK(placed({"servers.* .host.service* dc=fra,role=web"}, "servers.w.cpu") ==
        "w|cpu|dc=fra,role=web");
  CHECK(placed({"host.service* dc=fra"}, "w.cpu") == "w|cpu|dc=fra");
  CHECK(placed({"  host.service* \t dc=a=b  "}, "w.cpu") == "w|cpu|dc=a=b");
}

TEST_CASE("a path that is longer than a template without a star does not fit it") {
  CHECK(placed({"servers.* .host.service"}, "servers.w.cpu.user") == "-");
  CHECK(placed({"servers.* .host.service", "host.service*"}, "servers.w.cpu.user") ==
        "servers|w.cpu.user|");
}

TEST_CASE("a shorter path lacks the last targets") {
  CHECK(placed({".host.dc.service*"}, "servers.w") == "w||");
  CHECK(placed({".host.dc.service*"}, "servers.w.fra") == "w||dc=fra");
  CHECK(placed({"service.host.service"}, "cpu") == "|cpu|");
}

TEST_CASE("empty components say nothing") {
  CHECK(placed({"a.host.service*"}, "..cpu") == "|cpu|");
  CHECK(placed({"a.host.service*"}, "x.y.") == "y||a=x");
  CHECK(placed({"service*"}, "a..b.") == "|a..b.|");
}

TEST_CASE("a filter fits the front of a path") {
  const Texts texts = {"servers.* .host.service*"};
  CHECK(placed(texts, "servers.w.cpu") == "w|cpu|");
  CHECK(placed(texts, "servers.w") == "w||");
  CHECK(placed(texts, "servers") == "-");
  CHECK(placed(texts, "server.w.cpu") == "-");
  CHECK(placed(texts, "serversx.w.cpu") == "-");
}

TEST_CASE("the most specific filter wins, whatever the order") {
  const Texts texts = {"service*",
                       "servers.* rest.a*",
                       "servers.*.cpu rest.b*",
                       "servers.web-* rest.c*",
                       "servers.web-1 rest.d*",
                       "servers rest.e*",
                       "servers.web* rest.f*"};
  const Texts reversed(texts.rbegin(), texts.rend());
  for (const Texts& order : {texts, reversed}) {
    CHECK(placed(order, "servers.web-1.x") == "||rest=servers,d=web-1.x");
    CHECK(placed(order, "servers.web-2.x") == "||rest=servers,c=web-2.x");
    CHECK(placed(order, "servers.webmail.x") == "||rest=servers,f=webmail.x");
    CHECK(placed(order, "servers.db.cpu") == "||rest=servers,b=db.cpu");
    CHECK(placed(order, "servers.db.mem") == "||rest=servers,a=db.mem");
    CHECK(placed(order, "servers") == "||rest=servers");
    CHECK(placed(order, "other.x") == "|other.x|");
  }
}

TEST_CASE("where a more specific filter leads nowhere, the others are still tried") {
  const Texts texts = {"a.b.c service*", "a.*.d x.service*", "a.b* x.x.service*"};
  CHECK(placed(texts, "a.b.c.z") == "|a.b.c.z|");
  CHECK(placed(texts, "a.b.d.z") == "|d.z|x=a.b");
  CHECK(placed(texts, "a.q.d.z") == "|q.d.z|x=a");
  CHECK(placed(texts, "a.q.e") == "-");
}

TEST_CASE("a star in a filter stands for any bytes of one component") {
  const auto fits = [](const std::string& pattern, std::string_view component) {
    return placed({pattern + " service*"}, component) != "-";
  };
  CHECK(fits("*", "anything"));
  CHECK(fits("*", ""));
  CHECK(fits("web-*-eu", "web-12-eu"));
  CHECK(fits("web-*-eu", "web--eu"));
  CHECK(fits("*b*c", "abxbxc"));
  CHECK(fits("a**", "a"));
  CHECK_FALSE(fits("web-*-eu", "web-eu"));
  CHECK_FALSE(fits("*b*c", "abxbx"));
  CHECK_FALSE(fits("a*", "ba"));
}

TEST_CASE("paths of more components than are counted keep their rest together") {
  std::string path = "h";
  for (int i = 0; i < 200; ++i) path += ".c";
  CHECK(placed({"host.service*"}, path) == "h|" + path.substr(2) + "|");
  CHECK(placed({"host.service"}, path) == "-");
}

TEST_CASE("errors say which template, which byte, what was found and what was expected") {
  CHECK(fault({"host.service*", "servers.* host*.service"}) ==
        "2:15: '*' may only end the last component of a template, which then takes the rest");
  CHECK(fault({""}) == "1:1: an empty template, [filter] template [key=value] was expected");
  CHECK(fault({"a b c d"}) ==
        "1:7: \"d\" behind a complete template: [filter] template [key=value]");
  CHECK(fault({"a..b service"}) ==
        "1:3: an empty component in a filter, a name or '*' was expected");
  CHECK(fault({"a.[bc] service"}) == "1:3: \"[\" in a filter, of which only '*' is a pattern");
  CHECK(fault({"host.ser!vice"}) ==
        "1:6: \"ser!vice\" is no key: letters, digits, '_' and '-' were expected");
  CHECK(fault({"host.*"}) == "1:6: no name before '*', such as service* was expected");
  CHECK(fault({"..."}) == "1:1: \"...\" names nothing: host, service or a key was expected");
  CHECK(fault({"host.peer"}) ==
        "1:6: \"peer\" is set by the listener and cannot be set by a template");
  CHECK(fault({"host ingest=x"}) ==
        "1:6: \"ingest\" is set by the listener and cannot be set by a template");
  CHECK(fault({"x service a=b,c"}) == "1:15: \"c\" is no tag: key=value was expected");
  CHECK(fault({"x service a="}) == "1:11: \"a=\" is no tag: key=value was expected");
  CHECK(fault({"x service =a"}) == "1:11: no key, key=value was expected");
  CHECK(fault({"x service a=b,a=c"}) == "1:15: \"a\" is given twice");
  CHECK(fault({"service host=x"}) ==
        "1:9: \"host\" as a tag: it can only be a component of the path");
}

TEST_CASE("one filter has one template") {
  CHECK(fault({"a.* service*", "b service*", "a.* host*"}) ==
        "3:1: a second template for the filter \"a.*\"");
  CHECK(fault({"service*", "host*"}) == "2:1: a second template without a filter");
}

TEST_CASE("limits are told") {
  std::string long_path = "a";
  for (int i = 0; i < 64; ++i) long_path += ".a";
  CHECK(fault({long_path}) == "1:129: a template of more than 64 components");
  CHECK(fault({long_path + " service"}) == "1:129: a filter of more than 64 components");
  CHECK(fault({std::string(1025, 'a')}) == "1:1025: a template of more than 1024 bytes");
  Texts many;
  for (int i = 0; i < 1001; ++i) many.push_back("f" + std::to_string(i) + " service*");
  CHECK(fault(many) == "1001:1: more than 1000 templates");
  many.pop_back();
  CHECK(placed(many, "f999.x") == "|f999.x|");
}

}  // namespace
}  // namespace tocsin::graphite
