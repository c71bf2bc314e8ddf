#include "ingest/statsd/resolver.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/ingest/statsd/decode_all.hpp"

namespace tocsin::statsd::testing {
namespace {

using Attributes = std::vector<Attribute>;
using Tags = std::vector<std::string>;

Result<Identity> resolve(std::string_view name, std::string_view tags,
                         const Options& options = {}) {
  RawSample sample;
  sample.name = name;
  sample.tags = tags;
  return Resolver(options).resolve(sample);
}

TEST_CASE("the kind of the sample is part of its identity") {
  RawSample sample;
  sample.name = "a";
  sample.kind = SeriesKind::kSet;
  CHECK(Resolver({}).resolve(sample)->kind == SeriesKind::kSet);
}

TEST_CASE("tags are sorted into bare ones and attributes") {
  const Identity identity = *resolve("a", "zoo,env:prod,canary,url:http://x,zoo,,az:1");
  CHECK(identity.service == "a");
  CHECK(identity.tags == Tags{"canary", "zoo"});
  CHECK(identity.attributes == Attributes{{"az", "1"}, {"env", "prod"}, {"url", "http://x"}});
}

TEST_CASE("different spellings of one series have one identity") {
  CHECK(*resolve("a b/c!", "x:1,y:2,t") == *resolve("a_b-c", "t,y:2,x:1,t"));
}

TEST_CASE("of a repeated key the last value counts") {
  CHECK(resolve("a", "k:1,k:3,k:2")->attributes == Attributes{{"k", "2"}});
}

TEST_CASE("odd tags keep their text") {
  CHECK(resolve("a", ":v,k:,t:\xC3\xBC,bad\xFF")->tags == Tags{":v", "bad\xEF\xBF\xBD"});
  CHECK(resolve("a", ":v,k:,t:\xC3\xBC")->attributes == Attributes{{"k", ""}, {"t", "\xC3\xBC"}});
}

TEST_CASE("the host is the tag, else the default") {
  Options options;
  options.default_host = "here";
  CHECK(resolve("a", "", options)->host == "here");
  CHECK(resolve("a", "host:web-1,x:y", options)->host == "web-1");
  CHECK(resolve("a", "host:web-1,x:y", options)->attributes == Attributes{{"x", "y"}});
  CHECK(resolve("a", "host:", options)->host.empty());
}

TEST_CASE("tags inside the name are tags") {
  CHECK(*resolve("a.b;env=prod;canary", "") == *resolve("a.b", "env:prod,canary"));
  CHECK(*resolve("tele.graf,a=b,c=d", "") == *resolve("tele.graf", "a:b,c:d"));
  CHECK(resolve("a;k=name", "k:tag")->attributes == Attributes{{"k", "tag"}});
  // Not every part is k=v: then it is no Telegraf name, and commas are dropped as Etsy does.
  CHECK(resolve("a,b=c,d", "")->service == "ab=cd");
}

TEST_CASE("the strict dialect cleans the key together with its tags") {
  const Options options = with_dialect(Dialect::kEtsyStrict);
  const Identity identity = *resolve("a b",
                                     "env:prod/x y,az:\xC3\xBC"
                                     "1,canary!",
                                     options);
  CHECK(identity.service == "a_b");
  CHECK(identity.attributes == Attributes{{"az", "1"}, {"env", "prod-x_y"}});
  CHECK(identity.tags == Tags{"canary"});
  CHECK(resolve("tele.graf,a=b", "", options)->service == "tele.grafa=b");
}

TEST_CASE("a name of which nothing is left is refused, except in the strict dialect") {
  REQUIRE_FALSE(resolve("!!!", "").has_value());
  CHECK(resolve("!!!", "").error().code == Errc::kSyntax);
  CHECK_FALSE(resolve(";a=b", "").has_value());
  CHECK(resolve("", "", with_dialect(Dialect::kEtsyStrict))->service.empty());
}

TEST_CASE("more tags than the limit are refused") {
  Options options;
  options.max_tags = 3;
  CHECK(resolve("a;x=1", "b,c", options).has_value());
  REQUIRE_FALSE(resolve("a;x=1", "b,c,d:e", options).has_value());
  CHECK(resolve("a;x=1", "b,c,d:e", options).error().code == Errc::kLimit);
}

TEST_CASE("a container identifies the series when the decoder was told so") {
  Options options;
  options.container = Container::kTag;
  RecordingIntake intake;
  intake.keep_identities = true;
  Decoder decoder(options, intake);
  const std::string_view lines =
      "a:1|c|#x:y,c:z|c:0123\na:1|c|c:0123|@0.5|#c:z,x:y\na:1|c|#x:y,c:z";
  REQUIRE(decoder.decode(lines, {}) == lines.size());
  REQUIRE(decoder.flush());
  REQUIRE(intake.identities.size() == 3);
  CHECK(intake.identities[0].attributes ==
        Attributes{{"c", "z"}, {"container_id", "0123"}, {"x", "y"}});
  CHECK(intake.identities[1] == intake.identities[0]);
  CHECK(intake.identities[2].attributes == Attributes{{"c", "z"}, {"x", "y"}});
}

TEST_CASE("seeds differ where identities may") {
  Options options;
  const std::uint64_t seed = Resolver(options).seed();
  CHECK(Resolver(options).seed() == seed);
  options.max_record_bytes = 1;  // concerns no identity
  CHECK(Resolver(options).seed() == seed);
  options.default_host = "h";
  CHECK(Resolver(options).seed() != seed);
  CHECK(Resolver(with_dialect(Dialect::kEtsyStrict)).seed() != seed);
}

}  // namespace
}  // namespace tocsin::statsd::testing
