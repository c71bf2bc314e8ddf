// FieldName: the name of a field, read once when rules are loaded.
//
// Fields are flat: `[http][status]` and `http.status` are the same one. Some names are the event's
// own fields; all others become attributes of it. `message` is the event's description. What begins
// with `@metadata.` stays inside of the rules.
// Source:  Logstash's field references; docs/decisions/0015 says why there are no objects.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tocsin::rules::parse {

enum class FieldRole : std::uint8_t {
  kAttribute,
  kHost,
  kService,
  kState,
  kMessage,
  kMetric,
  kTtl,   // seconds
  kTime,  // "@timestamp": ISO 8601, or seconds since the epoch
  kTags,
};

// Of length, first and last bytes; its upper bits are well mixed. Names are compared too.
[[nodiscard]] inline std::uint64_t name_hash(std::string_view name) noexcept {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  if (name.size() >= sizeof head) {
    std::memcpy(&head, name.data(), sizeof head);
    std::memcpy(&tail, name.data() + name.size() - sizeof tail, sizeof tail);
  } else {
    for (const char c : name) head = head << 8 | static_cast<unsigned char>(c);
  }
  constexpr std::uint64_t kOdd = 0x9e37'79b9'7f4a'7c15u;
  return ((head ^ tail * kOdd) + name.size()) * kOdd;
}

class FieldName {
 public:
  FieldName() : FieldName(std::string()) {}
  // Every text is a reference; what is not wholly of the form [a][b] is taken as it is.
  [[nodiscard]] static FieldName parse(std::string_view reference);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] std::uint64_t hash() const noexcept { return hash_; }
  [[nodiscard]] FieldRole role() const noexcept { return role_; }

  friend bool operator==(const FieldName& a, const FieldName& b) { return a.text_ == b.text_; }

 private:
  explicit FieldName(std::string text);

  std::string text_;
  std::uint64_t hash_;
  FieldRole role_;
};

// The role of a name that is written with dots.
[[nodiscard]] FieldRole role_of(std::string_view name) noexcept;

inline constexpr std::string_view kMetadataPrefix = "@metadata.";

}  // namespace tocsin::rules::parse
