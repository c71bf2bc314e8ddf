#include "ingest/graphite/point_event.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>

#include "src/event/event_access.hpp"
#include "tests/unit/ingest/graphite/decode_all.hpp"

namespace tocsin::graphite::testing {
namespace {

Origin from(std::array<std::uint8_t, 4> address) {
  Origin origin;
  origin.peer.family = Peer::Family::kIpv4;
  std::copy(address.begin(), address.end(), origin.peer.address.begin());
  return origin;
}

Options with_templates(std::vector<std::string> texts) {
  Options options;
  auto compiled = Templates::compile(texts);
  REQUIRE(compiled.has_value());
  options.templates = std::make_shared<const Templates>(*std::move(compiled));
  return options;
}

Event event_of(PointEvent& maker, std::string_view name, bool plain = false) {
  const EventView* const view = maker.make({name, Metric(1.5), kReceived, plain});
  REQUIRE(view != nullptr);
  return event::to_event(*view);
}

TEST_CASE("a plain name is the service, and nothing is made up") {
  PointEvent maker({});
  for (const bool plain : {true, false}) {
    const Event event = event_of(maker, "servers.web.cpu", plain);
    CHECK(event.service == "servers.web.cpu");
    CHECK(event.host.empty());
    CHECK(event.state.empty());
    CHECK(event.metric == Metric(1.5));
    CHECK(event.time == kReceived);
    CHECK_FALSE(event.ttl.has_value());
    CHECK(event.attributes == std::vector<Attribute>{{"ingest", "graphite"}});
  }
}

TEST_CASE("options give host and ttl") {
  Options options;
  options.default_host = "relay";
  options.ttl = std::chrono::seconds(90);
  PointEvent maker(options);
  CHECK(event_of(maker, "a", true).host == "relay");
  CHECK(event_of(maker, "a;k=v").host == "relay");
  CHECK(event_of(maker, "a;host=web").host == "web");
  CHECK(event_of(maker, "a").ttl == std::chrono::seconds(90));
}

TEST_CASE("the sender's address follows the origin") {
  PointEvent maker({});
  maker.set_origin(from({192, 0, 2, 7}));
  CHECK(attribute(event_of(maker, "a", true), "peer") == "192.0.2.7");
  CHECK(attribute(event_of(maker, "a;k=v"), "peer") == "192.0.2.7");
  maker.set_origin(from({192, 0, 2, 8}));
  CHECK(attribute(event_of(maker, "a", true), "peer") == "192.0.2.8");
  maker.set_origin({});
  CHECK(attribute(event_of(maker, "a", true), "peer") == "(none)");
}

TEST_CASE("tags become attributes, the tag host the host") {
  PointEvent maker({});
  const Event event = event_of(maker, "disk;host=web;mount=/var;mount=/opt");
  CHECK(event.host == "web");
  CHECK(event.service == "disk");
  CHECK(attribute(event, "mount") == "/opt");
  CHECK(attribute(event, "host") == "(none)");
}

TEST_CASE("no tag overrules what the listener says") {
  PointEvent maker({});
  maker.set_origin(from({192, 0, 2, 7}));
  const Event event = event_of(maker, "a;ingest=x;peer=y");
  CHECK(attribute(event, "ingest") == "graphite");
  CHECK(attribute(event, "peer") == "192.0.2.7");
}

TEST_CASE("templates place the path, and tags win over them") {
  PointEvent maker(with_templates({"servers.* .host.kind.service* dc=fra"}));
  for (const bool plain : {true, false}) {
    const Event event = event_of(maker, "servers.web.cpu.user", plain);
    CHECK(event.host == "web");
    CHECK(event.service == "user");
    CHECK(attribute(event, "kind") == "cpu");
    CHECK(attribute(event, "dc") == "fra");
  }
  const Event tagged = event_of(maker, "servers.web.cpu.user;host=db;dc=ams");
  CHECK(tagged.host == "db");
  CHECK(tagged.service == "user");
  CHECK(attribute(tagged, "dc") == "ams");
}

TEST_CASE("a path that no template fits, or that names no service, is the service itself") {
  PointEvent maker(with_templates({"servers.* .host.kind.service*"}));
  CHECK(event_of(maker, "other.path", true).service == "other.path");
  const Event event = event_of(maker, "servers.web.cpu", true);
  CHECK(event.host == "web");
  CHECK(event.service == "servers.web.cpu");
}

TEST_CASE("bytes that are not UTF-8 are replaced, in the path and in tags") {
  PointEvent maker({});
  CHECK(event_of(maker,
                 "gr\xC3\xB6\xC3\x9F"
                 "e")
            .service ==
        "gr\xC3\xB6\xC3\x9F"
        "e");
  const Event event = event_of(maker, "gr\xF6;k=\xFF");
  CHECK(event.service == "gr\xEF\xBF\xBD");
  CHECK(attribute(event, "k") == "\xEF\xBF\xBD");
}

TEST_CASE("names that are empty, too long or badly tagged are refused") {
  Options options;
  options.max_name_bytes = 10;
  PointEvent maker(options);
  const auto cause = [&](std::string_view name, bool plain) {
    REQUIRE(maker.make({name, Metric(1.0), kReceived, plain}) == nullptr);
    return maker.refusal().cause;
  };
  CHECK(cause("", true) == RejectCause::kName);
  CHECK(cause("", false) == RejectCause::kName);
  CHECK(cause("12345678901", true) == RejectCause::kOversized);
  CHECK(cause("a;k", false) == RejectCause::kTags);
  CHECK(event_of(maker, "1234567890", true).service == "1234567890");
}

}  // namespace
}  // namespace tocsin::graphite::testing
