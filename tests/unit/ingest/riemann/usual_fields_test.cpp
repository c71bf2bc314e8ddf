#include "ingest/riemann/usual_fields.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/riemann/wire_reader.hpp"
#include "tests/unit/ingest/riemann/messages.hpp"

namespace tocsin::riemann::testing {
namespace {

using namespace std::string_literals;

constexpr std::uint32_t kText = wire_tag(3, WireType::kBytes);
constexpr std::uint32_t kPair = wire_tag(9, WireType::kBytes);
constexpr std::uint32_t kVarint = wire_tag(10, WireType::kVarint);
constexpr std::uint32_t kFixed32 = wire_tag(8, WireType::kFixed32);
constexpr std::uint32_t kFixed64 = wire_tag(14, WireType::kFixed64);

// Exactly as large as the message, so that a sanitizer sees any byte read outside.
class Message {
 public:
  explicit Message(std::string_view bytes)
      : block_(std::make_unique<char[]>(bytes.size())), size_(bytes.size()) {
    std::copy(bytes.begin(), bytes.end(), block_.get());
  }
  [[nodiscard]] std::string_view view() const noexcept { return {block_.get(), size_}; }

 private:
  std::unique_ptr<char[]> block_;
  std::size_t size_;
};

// Takes whatever stands at the front; whether anything did.
bool take_any(UsualFields& fields) {
  std::string_view text;
  AttributeView pair;
  FoundNumber<std::uint64_t> number;
  FoundNumber<std::uint32_t> half;
  return fields.take_bytes(kText, text) || fields.take_pair(kPair, pair) ||
         fields.take_varint(kVarint, number) || fields.take_fixed(kFixed32, half) ||
         fields.take_fixed(kFixed64, number);
}

TEST_CASE("fields are taken when they are named in their order") {
  const Message message(bytes(3, "text") + attribute("key", "value") + number(10, 1'795'229'409) +
                        real32(8, 1.5F) + real64(14, 0.25));
  UsualFields fields(message.view());
  std::string_view text;
  AttributeView pair;
  FoundNumber<std::uint64_t> integer;
  FoundNumber<std::uint64_t> real;
  FoundNumber<std::uint32_t> half;
  CHECK_FALSE(fields.take_pair(kPair, pair));
  CHECK(fields.take_bytes(kText, text));
  CHECK(fields.take_pair(kPair, pair));
  const char* const integer_at = fields.position();
  CHECK(fields.take_varint(kVarint, integer));
  CHECK(fields.take_fixed(kFixed32, half));
  CHECK(fields.take_fixed(kFixed64, real));
  CHECK(fields.rest().empty());
  CHECK(text == "text");
  CHECK(pair.key == "key");
  CHECK(pair.value == "value");
  CHECK(integer.value == 1'795'229'409);
  CHECK(integer.at == integer_at);
  CHECK(half.value == std::bit_cast<std::uint32_t>(1.5F));
  CHECK(real.value == std::bit_cast<std::uint64_t>(0.25));
}

TEST_CASE("a number is taken wherever it stands and whatever follows, up to eight bytes") {
  for (unsigned bits = 0; bits <= 64; ++bits) {
    const std::uint64_t value = bits == 0 ? 0 : UINT64_MAX >> (64 - bits);
    for (const std::string& before : {""s, bytes(3, "12345678")}) {
      for (const std::size_t after : {0, 1, 7, 9}) {
        const Message message(before + number(10, value) + std::string(after, '\xFF'));
        UsualFields fields(message.view());
        std::string_view text;
        (void)fields.take_bytes(kText, text);
        FoundNumber<std::uint64_t> found;
        const bool fits = message.view().size() >= 8 && bits <= 56;
        REQUIRE(fields.take_varint(kVarint, found) == fits);
        if (fits) CHECK(found.value == value);
        CHECK(fields.rest().size() == (fits ? after : number(10, value).size() + after));
      }
    }
  }
}

TEST_CASE("a number that is passed over says where it was") {
  const Message message(number(10, 300) + "12345");
  UsualFields fields(message.view());
  const char* at = nullptr;
  CHECK_FALSE(fields.skip_varint(kText, at));
  CHECK(at == nullptr);
  CHECK(fields.skip_varint(kVarint, at));
  CHECK(at == message.view().data());
  CHECK(fields.rest() == "12345");
}

TEST_CASE("texts have lengths of one byte or two") {
  for (const std::size_t size : {0, 1, 127, 128, 129, 16383}) {
    const std::string content(size, 'x');
    const Message message(bytes(3, content) + "rest");
    UsualFields fields(message.view());
    std::string_view text;
    CHECK(fields.take_bytes(kText, text));
    CHECK(text == content);
    CHECK(fields.rest() == "rest");
  }
  const Message longer(bytes(3, std::string(16384, 'x')));
  UsualFields fields(longer.view());
  std::string_view text;
  CHECK_FALSE(fields.take_bytes(kText, text));
  CHECK(fields.rest() == longer.view());
}

TEST_CASE("what is unusual is left where it is") {
  const std::string cases[] = {
      bytes(4, "another tag"),
      "\x9A\x00"s + "\x04" + "tag of two bytes",
      bytes(9, bytes(1, "key alone")),
      bytes(9, bytes(2, "value") + bytes(1, "before key")),
      bytes(9, bytes(1, "k") + bytes(2, "v") + number(3, 1)),
      bytes(9, bytes(1, "k") + bytes(1, "key")),
      attribute("k", std::string(130, 'v')),
      attribute(std::string(130, 'k'), "v"),
      "\x50\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01",
  };
  for (const std::string& bytes : cases) {
    const Message message(bytes);
    UsualFields fields(message.view());
    CHECK_FALSE(take_any(fields));
    CHECK(fields.rest().data() == message.view().data());
    CHECK(fields.rest().size() == message.view().size());
  }
}

TEST_CASE("a field that the end cuts off is left where it is") {
  const std::string whole[] = {bytes(3, "text"),
                               bytes(3, std::string(200, 'x')),
                               attribute("key", "value"),
                               number(10, 1'795'229'409'000'000),
                               real32(8, 1),
                               real64(14, 1)};
  for (const std::string& field : whole) {
    for (std::size_t size = 0; size < field.size(); ++size) {
      const Message message(field.substr(0, size));
      UsualFields fields(message.view());
      CHECK_FALSE(take_any(fields));
      CHECK(fields.rest().size() == size);
    }
  }
}

}  // namespace
}  // namespace tocsin::riemann::testing
