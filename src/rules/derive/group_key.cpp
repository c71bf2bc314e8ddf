#include "src/rules/derive/group_key.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace tocsin::rules::derive {
namespace {

constexpr std::size_t kLengthBytes = 2;
constexpr std::size_t kMostNameBytes = 256;

char* append_text(char* at, std::string_view text) noexcept {
  at[0] = static_cast<char>(text.size() & 0xff);
  at[1] = static_cast<char>(text.size() >> 8);
  text.copy(at + kLengthBytes, text.size());
  return at + kLengthBytes + text.size();
}

std::string_view take_text(std::string_view& bytes) noexcept {
  const auto low = static_cast<unsigned char>(bytes[0]);
  const auto high = static_cast<unsigned char>(bytes[1]);
  const std::size_t size = low | static_cast<std::size_t>(high) << 8;
  const std::string_view text = bytes.substr(kLengthBytes, size);
  bytes.remove_prefix(kLengthBytes + size);
  return text;
}

std::string_view cut(std::string_view text, std::size_t most) noexcept {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

}  // namespace

std::size_t group_bytes(std::string_view name) noexcept {
  return 2 * kLengthBytes + std::min(name.size(), kMostNameBytes) + kMostValueBytes;
}

char* append_group(char* at, std::string_view name, std::string_view value) noexcept {
  if (value.empty()) return at;
  return append_text(append_text(at, cut(name, kMostNameBytes)), cut(value, kMostValueBytes));
}

Result<Identity> GroupResolver::resolve(const RawSample& sample) const {
  Identity identity;
  identity.kind = sample.kind;
  identity.service = sample.name;
  std::string_view bytes = sample.tags;
  while (!bytes.empty()) {
    const std::string_view name = take_text(bytes);
    const std::string_view value = take_text(bytes);
    if (name == "host") {
      identity.host = value;
    } else {
      identity.attributes.push_back({std::string(name), std::string(value)});
    }
  }
  std::ranges::sort(identity.attributes);
  return identity;
}

}  // namespace tocsin::rules::derive
