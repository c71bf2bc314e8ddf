#include "src/app/posted_body.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/app/shard_set.hpp"
#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

constexpr std::string_view kMessage =
    R"({"version":"1.1","host":"web-1","short_message":"the till is empty"})";

std::string deflated(std::string_view text) {
  std::string out(compressBound(text.size()), '\0');
  uLongf size = out.size();
  REQUIRE(compress(reinterpret_cast<Bytef*>(out.data()), &size,
                   reinterpret_cast<const Bytef*>(text.data()), text.size()) == Z_OK);
  out.resize(size);
  return out;
}

// An ingest thread that takes bodies, and shards behind it.
struct Fixture {
  explicit Fixture(bool ingests = true) {
    ShardSet::Options options;
    options.stage = test::small_options();
    shards = std::make_unique<ShardSet>(options, test::compiled(""), [](std::size_t) {
      return ShardOutputs{[](ShardReportPtr) {}, [](publish::BatchPtr) {}};
    });
    ingest = std::make_unique<IngestThread>(shards->lanes_of(0), IngestOptions{});
    settings::HttpListener http;
    http.ingest = ingests;
    Specs specs;
    REQUIRE(add_inputs(http, {}, specs));
    std::vector<Input> inputs;
    REQUIRE(ingest->listen(std::move(specs), {}, inputs));
    shards->start();
    ingest->start();
  }
  ~Fixture() {
    ingest->stop();
    shards->join();
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  // The answer to a body; nothing when nobody takes bodies at the path.
  std::optional<api::Response> post(const std::string& path, std::string body,
                                    const std::string& encoding = "") {
    api::Request request;
    request.method = "POST";
    request.path = path;
    request.body = std::move(body);
    request.encoding = encoding;
    auto answer = std::make_shared<std::promise<api::Response>>();
    const auto reply = [answer](api::Response response) { answer->set_value(std::move(response)); };
    if (!take_posted_body(*ingest, request, reply)) return std::nullopt;
    return answer->get_future().get();
  }

  std::unique_ptr<ShardSet> shards;
  std::unique_ptr<IngestThread> ingest;
};

TEST_CASE("records that were taken and refused are counted in the answer") {
  Fixture f;
  const auto all = f.post("/ingest/json", R"({"service":"a"})");
  REQUIRE(all.has_value());
  CHECK(all->status == 202);
  CHECK(all->body == "{\"accepted\":1,\"rejected\":0}\n");
  const std::string up = "PROCESS_HOST_CHECK_RESULT;web-1;0;up\n";
  const auto some = f.post("/ingest/nagios", up + "SHUTDOWN_PROGRAM\n" + up);
  REQUIRE(some.has_value());
  CHECK(some->status == 202);
  CHECK(some->body.starts_with("{\"accepted\":2,\"rejected\":1,\"error\":\""));
  CHECK(some->body.ends_with("\"offset\":" + std::to_string(up.size()) + "}\n"));
}

TEST_CASE("a body of which nothing was good is a bad request that says where and why") {
  Fixture f;
  const auto answer = f.post("/ingest/nagios", "SHUTDOWN_PROGRAM\n");
  REQUIRE(answer.has_value());
  CHECK(answer->status == 400);
  CHECK(answer->body.find("\"code\":\"bad_records\"") != std::string::npos);
  CHECK(answer->body.find("offset 0: ") != std::string::npos);
}

TEST_CASE("GELF may be compressed, whatever its client calls that") {
  Fixture f;
  for (const char* encoding :
       {"", "identity", "deflate", "gzip", "gzip,deflate", "gzip, deflate"}) {
    CAPTURE(encoding);
    for (const char* path : {"/gelf", "/ingest/gelf"}) {
      const auto answer = f.post(path, deflated(kMessage), encoding);
      REQUIRE(answer.has_value());
      CHECK(answer->status == 202);
    }
  }
}

TEST_CASE("an encoding that nobody undoes is refused") {
  Fixture f;
  const auto gelf = f.post("/ingest/gelf", std::string(kMessage), "br");
  REQUIRE(gelf.has_value());
  CHECK(gelf->status == 415);
  CHECK(gelf->body.find("found Content-Encoding br, expected gzip, deflate or none") !=
        std::string::npos);
  const auto json = f.post("/ingest/json", R"({"service":"a"})", "gzip");
  REQUIRE(json.has_value());
  CHECK(json->status == 415);
}

TEST_CASE("other paths are somebody else's, but for those below /ingest") {
  Fixture f;
  CHECK_FALSE(f.post("/api/v1/index", "").has_value());
  const auto unknown = f.post("/ingest/xml", "");
  REQUIRE(unknown.has_value());
  CHECK(unknown->status == 404);
}

TEST_CASE("nothing may be posted where that is turned off") {
  Fixture f(false);
  const auto answer = f.post("/ingest/json", R"({"service":"a"})");
  REQUIRE(answer.has_value());
  CHECK(answer->status == 404);
  CHECK_FALSE(f.post("/metrics", "").has_value());
}

}  // namespace
}  // namespace tocsin::app
