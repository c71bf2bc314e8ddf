#include "src/publish/redis/resp.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tocsin;
using namespace tocsin::publish;

TEST_CASE("a command is written as an array of texts, whatever the bytes") {
  std::string out = "x";
  const std::string_view words[] = {"SET", std::string_view("k\0\r\n", 4), ""};
  append_command(words, out);
  CHECK(out == std::string("x*3\r\n$3\r\nSET\r\n$4\r\nk\0\r\n\r\n$0\r\n\r\n", 30));
}

TEST_CASE("replies of every kind are read, however the bytes are cut") {
  const std::string bytes =
      "+OK\r\n-WRONGTYPE no\r\n:-7\r\n$3\r\na\r\n\r\n$-1\r\n*2\r\n$1\r\nx\r\n*1\r\n:1\r\n*0\r\n";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    ReplyReader reader(1024);
    std::vector<Reply> replies;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      REQUIRE(reader.feed(std::string_view(bytes).substr(at, step)).has_value());
      for (;;) {
        auto reply = reader.next();
        REQUIRE(reply.has_value());
        if (!reply->has_value()) break;
        replies.push_back(std::move(**reply));
      }
    }
    REQUIRE(replies.size() == 7);
    CHECK(replies[0].kind == Reply::Kind::kStatus);
    CHECK(error_name(replies[1]) == "WRONGTYPE");
    CHECK(replies[2].integer == -7);
    CHECK(replies[3].text == "a\r\n");
    CHECK(replies[4].kind == Reply::Kind::kNil);
    CHECK(replies[5].elements[1].elements[0].integer == 1);
    CHECK(replies[6].elements.empty());
  }
}

TEST_CASE("a reply larger than the limit ends the reader") {
  SUBCASE("a text that arrives") {
    ReplyReader reader(1000);
    REQUIRE(reader.feed("$1500\r\n" + std::string(1500, 'x') + "\r\n").has_value());
    REQUIRE_FALSE(reader.next().has_value());
  }
  SUBCASE("a text that never ends") {
    ReplyReader reader(1000);
    REQUIRE(reader.feed("$500000000\r\n").has_value());
    REQUIRE(reader.next().has_value());
    CHECK(reader.feed(std::string(1900, 'x')).has_value());
    const auto fed = reader.feed(std::string(200, 'x'));
    REQUIRE_FALSE(fed.has_value());
    CHECK(fed.error().code == Errc::kLimit);
  }
  SUBCASE("an array that claims a hundred million elements") {
    ReplyReader reader(1000);
    REQUIRE(reader.feed("*100000000\r\n").has_value());
    const auto reply = reader.next();
    REQUIRE_FALSE(reply.has_value());
    CHECK(reply.error().code == Errc::kLimit);
  }
  SUBCASE("many small elements") {
    ReplyReader reader(10 * sizeof(Reply));
    std::string bytes = "*3\r\n";
    for (int i = 0; i < 3; ++i) bytes += "*3\r\n:1\r\n:2\r\n:3\r\n";
    REQUIRE(reader.feed(bytes).has_value());
    CHECK_FALSE(reader.next().has_value());
  }
}

TEST_CASE("the limit is of each reply, not of the connection") {
  ReplyReader reader(1000);
  for (int i = 0; i < 100; ++i) {
    REQUIRE(reader.feed("$700\r\n" + std::string(700, 'x') + "\r\n").has_value());
    const auto reply = reader.next();
    REQUIRE(reply.has_value());
    REQUIRE(reply->has_value());
  }
}

TEST_CASE("bytes that are no reply are an error, and so is everything after them") {
  ReplyReader reader(1000);
  REQUIRE(reader.feed("HTTP/1.1 400 Bad Request\r\n").has_value());
  CHECK_FALSE(reader.next().has_value());
  CHECK_FALSE(reader.next().has_value());
}
