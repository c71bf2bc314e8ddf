#include "ingest/nagios/nsca_cipher.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/ingest/nagios/packets.hpp"

namespace tocsin::nagios::testing {
namespace {

using nsca::Cipher;
using nsca::Key;
using nsca::Method;

std::shared_ptr<const Key> key_of(Method method, std::string password = "throwaway-nsca") {
  auto key = Key::make(method, std::move(password));
  REQUIRE(key.has_value());
  return *key;
}

TEST_CASE("what a client seals is read again, packet by packet") {
  std::string clear;
  for (int i = 0; i < 4000; ++i) clear += static_cast<char>(i * 7);
  for (const Method method : kMethods) {
    for (const std::string password :
         {"p", "throwaway-nsca", "more than thirty-two bytes of password"}) {
      CAPTURE(static_cast<int>(method));
      CAPTURE(password);
      const std::string wire = sealed(clear, method, password, iv_of_letters(), 1000);
      Cipher cipher(key_of(method, password), iv_of_letters());
      std::string read(clear.size(), '\0');
      for (std::size_t at = 0; at < wire.size(); at += 1000) {
        const std::string_view piece = std::string_view(wire).substr(at, 1000);
        cipher.decrypt(piece, read.data() + at);
        cipher.advance(piece);
      }
      CHECK(read == clear);
    }
  }
}

TEST_CASE("looking at a packet moves nothing") {
  const std::string clear(100, 'x');
  for (const Method method : kMethods) {
    CAPTURE(static_cast<int>(method));
    const std::string wire = sealed(clear, method, "p", iv_of_letters(), 100);
    Cipher cipher(key_of(method, "p"), iv_of_letters());
    std::string read(clear.size(), '\0');
    cipher.decrypt(std::string_view(wire).substr(0, 40), read.data());
    CHECK(read.substr(0, 40) == clear.substr(0, 40));
    cipher.decrypt(wire, read.data());
    CHECK(read == clear);
  }
}

TEST_CASE("only what a method needs is asked for") {
  CHECK(Key::make(Method::kNone, "").has_value());
  const auto refused = Key::make(Method::kAes256, "");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Errc::kRange);
  CHECK(!refused.error().text.empty());
}

TEST_CASE("methods have NSCA's numbers") {
  for (const Method method : kMethods) CHECK(nsca::find_method(static_cast<int>(method)) == method);
  for (const int number : {-1, 2, 8, 15, 16}) CHECK_FALSE(nsca::find_method(number).has_value());
}

}  // namespace
}  // namespace tocsin::nagios::testing
