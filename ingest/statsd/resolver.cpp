#include "ingest/statsd/resolver.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "ingest/statsd/tag_set.hpp"
#include "ingest/statsd/text.hpp"

namespace tocsin::statsd {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

// FNV-1a, 64 bit: seeds differ in a handful of option values, any mixing function does.
class SeedHash {
 public:
  void add(std::uint64_t number) noexcept {
    for (int shift = 0; shift < 64; shift += 8)
      add_byte(static_cast<unsigned char>(number >> shift));
  }
  void add(std::string_view text) noexcept {
    add(std::uint64_t{text.size()});
    for (const char c : text) add_byte(static_cast<unsigned char>(c));
  }
  [[nodiscard]] std::uint64_t value() const noexcept { return hash_; }

 private:
  void add_byte(unsigned char byte) noexcept { hash_ = (hash_ ^ byte) * 0x100000001b3; }
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

// Everything of the options on which an identity depends.
std::uint64_t seed_of(const Options& options) noexcept {
  SeedHash hash;
  hash.add("statsd");
  hash.add(static_cast<std::uint64_t>(options.dialect));
  hash.add(static_cast<std::uint64_t>(options.container));
  hash.add(std::uint64_t{options.max_tags});
  hash.add(options.default_host);
  return hash.value();
}

template <class Function>
void for_each_part(std::string_view text, char separator, const Function& function) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    function(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// What Etsy keeps its counters under: the key and each tag behind a ';', its first ':' made '='.
std::string etsy_key(const RawSample& sample) {
  std::string key(sample.name);
  for_each_part(sample.tags, ',', [&](std::string_view tag) {
    key += ';';
    const std::size_t colon = tag.find(':');
    key += tag.substr(0, colon);
    if (colon == kNone) return;
    key += '=';
    key += tag.substr(colon + 1);
  });
  return clean_name(key);
}

bool is_telegraf_tail(std::string_view tail) {
  bool all = !tail.empty();
  for_each_part(tail, ',', [&](std::string_view part) { all = all && part.find('=') != kNone; });
  return all;
}

// Takes `;k=v` and Telegraf's `,k=v` off a raw name into `tags`, and returns what is left.
std::string_view take_name_tags(std::string_view name, TagSet& tags) {
  const std::size_t semicolon = std::min(name.find(';'), name.size());
  for_each_part(name.substr(semicolon), ';', [&](std::string_view part) { tags.add(part, '='); });
  name = name.substr(0, semicolon);
  const std::size_t comma = name.find(',');
  if (comma == kNone || !is_telegraf_tail(name.substr(comma + 1))) return name;
  for_each_part(name.substr(comma + 1), ',', [&](std::string_view part) { tags.add(part, '='); });
  return name.substr(0, comma);
}

// The tag text of a sample: a list of tags or, beginning with '|', whole fields of the line (see
// Container::kTag).
void add_tag_text(std::string_view text, TagSet& tags) {
  if (!text.starts_with('|')) {
    tags.add_list(text);
    return;
  }
  for_each_part(text, '|', [&](std::string_view field) {
    if (field.starts_with('#')) tags.add_list(field.substr(1));
    if (field.starts_with("c:")) tags.set("container_id", to_utf8(field.substr(2)));
  });
}

}  // namespace

Resolver::Resolver(Options options) : options_(std::move(options)), seed_(seed_of(options_)) {}

Result<Identity> Resolver::resolve(const RawSample& sample) const {
  const bool strict = options_.dialect == Dialect::kEtsyStrict;
  TagSet tags;
  Identity identity;
  identity.kind = sample.kind;
  if (strict) {
    const std::string key = etsy_key(sample);
    identity.service = take_name_tags(key, tags);
  } else {
    identity.service = clean_name(take_name_tags(sample.name, tags));
    add_tag_text(sample.tags, tags);
    if (identity.service.empty()) {
      return Error{Errc::kSyntax, {}, "nothing is left of the name when it is cleaned"};
    }
  }
  if (tags.count() > options_.max_tags) {
    return Error{Errc::kLimit,
                 {},
                 std::to_string(tags.count()) + " tags, at most " +
                     std::to_string(options_.max_tags) + " are taken"};
  }
  identity.host = tags.host().value_or(options_.default_host);
  identity.tags = tags.take_tags();
  identity.attributes = tags.take_attributes();
  return identity;
}

}  // namespace tocsin::statsd
