#include "src/publish/redis/key_scan.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace tocsin;
using namespace tocsin::publish;

namespace {

using Words = std::vector<std::string>;

Reply text(std::string bytes) {
  Reply reply;
  reply.kind = Reply::Kind::kText;
  reply.text = std::move(bytes);
  return reply;
}

Reply array(std::vector<Reply> elements) {
  Reply reply;
  reply.kind = Reply::Kind::kArray;
  reply.elements = std::move(elements);
  return reply;
}

Reply texts(const Words& words) {
  std::vector<Reply> elements;
  for (const std::string& word : words) elements.push_back(text(word));
  return array(std::move(elements));
}

Reply page(const std::string& cursor, const Words& keys) {
  return array({text(cursor), texts(keys)});
}

// Gives the scripted answers one after the other, and keeps what was asked and what came out.
struct Script {
  void run(const std::string& prefix, std::size_t limit, std::vector<Result<Reply>> answers) {
    std::size_t next = 0;
    start_key_scan(
        [&](Words words, const std::function<void(Result<Reply>)>& then) {
          asked.push_back(std::move(words));
          REQUIRE(next < answers.size());
          then(answers[next++]);
        },
        prefix, limit,
        [this](Result<std::vector<Record>> found) {
          ++calls;
          outcome = std::move(found);
        });
    CHECK(next == answers.size());
  }
  // "key=value key=value"
  [[nodiscard]] std::string found() const {
    REQUIRE(calls == 1);
    REQUIRE(outcome->has_value());
    std::string all;
    for (const Record& record : **outcome) {
      all += (all.empty() ? "" : " ") + record.key + '=' + record.value;
    }
    return all;
  }
  [[nodiscard]] const Error& error() const {
    REQUIRE(calls == 1);
    REQUIRE_FALSE(outcome->has_value());
    return outcome->error();
  }

  std::vector<Words> asked;
  std::optional<Result<std::vector<Record>>> outcome;
  int calls = 0;
};

}  // namespace

TEST_CASE("pages are followed until the cursor is 0 again, and values come sorted by key") {
  Script script;
  script.run("p:", 100,
             {page("17", {"p:c", "p:a"}), texts({"3", "1"}), page("0", {"p:b"}), texts({"2"})});
  CHECK(script.found() == "p:a=1 p:b=2 p:c=3");
  CHECK(script.asked == std::vector<Words>{{"SCAN", "0", "MATCH", "p:*", "COUNT", "512"},
                                           {"MGET", "p:c", "p:a"},
                                           {"SCAN", "17", "MATCH", "p:*", "COUNT", "512"},
                                           {"MGET", "p:b"}});
}

TEST_CASE("a page without keys asks for no values") {
  Script script;
  script.run("p:", 100, {page("5", {}), page("0", {})});
  CHECK(script.found().empty());
  CHECK(script.asked.size() == 2);
}

TEST_CASE("a prefix means itself, not a glob") {
  Script script;
  script.run(R"(a*b?[c]\d)", 100, {page("0", {})});
  REQUIRE(script.asked.size() == 1);
  CHECK(script.asked[0][3] == R"(a\*b\?\[c\]\\d*)");
}

TEST_CASE("over the limit the smallest keys stay, whichever page they came on") {
  Script script;
  script.run("", 2,
             {page("1", {"d", "b"}), texts({"4", "2"}), page("2", {"c"}), texts({"3"}),
              page("0", {"a"}), texts({"1"})});
  CHECK(script.found() == "a=1 b=2");
}

TEST_CASE("a key that a scan names twice is one record, with the later value") {
  Script script;
  script.run("", 10, {page("1", {"a"}), texts({"old"}), page("0", {"a"}), texts({"new"})});
  CHECK(script.found() == "a=new");
}

TEST_CASE("what holds no text is passed over: an index, or a key that expired meanwhile") {
  Script script;
  script.run("", 10, {page("0", {"a", "gone", "c"}), array({text("1"), Reply{}, text("3")})});
  CHECK(script.found() == "a=1 c=3");
}

TEST_CASE("fewer values than keys are no values for the rest") {
  Script script;
  script.run("", 10, {page("0", {"a", "b"}), texts({"1"})});
  CHECK(script.found() == "a=1");
}

TEST_CASE("a refusal ends the scan with its reason, whichever command it answers") {
  const Error away{Errc::kUnavailable, "redis", "connection lost"};
  Script first;
  first.run("", 10, {away});
  CHECK(first.error().text == "connection lost");
  Script later;
  later.run("", 10, {page("7", {"a"}), away});
  CHECK(later.error().code == Errc::kUnavailable);
  CHECK(later.asked.size() == 2);
}

TEST_CASE("an answer that is no page ends the scan") {
  for (const Reply& answer : {Reply{}, texts({"0"}), texts({"0", "x", "y"})}) {
    Script script;
    script.run("", 10, {answer});
    CHECK(script.error().code == Errc::kSyntax);
  }
}
