// MapReader: takes the keys of one YAML map one by one, each with its type and its permitted range.
// A key that is missing, or wrong and complained about, leaves the caller's value as it was: so
// defaults are written once, in the struct that is filled.
//     MapReader map(node, complaints);
//     map.duration("interval", series.interval, 1s, 1h);
//     map.finish();   // complains about keys that nobody asked for
// Threads: lives on the stack of a loader.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/settings/address.hpp"
#include "src/settings/complaints.hpp"
#include "src/settings/units.hpp"
#include "src/settings/words.hpp"
#include "src/settings/yaml.hpp"

namespace tocsin::settings {

// What a node is, for "found ...": 'abc', a list, a map, nothing.
[[nodiscard]] std::string found(const Node& node);
// Complains "found <node>, expected <expected>".
void complain(const Node& node, std::string_view expected, Complaints& complaints,
              Errc code = Errc::kSyntax);

// The text of a scalar, not empty; null after a complaint.
[[nodiscard]] const std::string* read_text(const Node& node, std::string_view expected,
                                           Complaints& complaints);
// The items of a list; a single text or map counts as a list of itself. Empty after a complaint.
[[nodiscard]] std::vector<NodePtr> read_list(const NodePtr& node, std::string_view expected,
                                             Complaints& complaints);

class MapReader {
 public:
  // Complains unless `node` is a map; all keys are then missing. Both arguments must outlive this.
  MapReader(const Node& node, Complaints& complaints);
  MapReader(const MapReader&) = delete;
  MapReader& operator=(const MapReader&) = delete;

  // False when the node is no map.
  [[nodiscard]] bool usable() const noexcept { return map_ != nullptr; }
  [[nodiscard]] Complaints& complaints() noexcept { return complaints_; }

  // The value of `key`, which is from now on known; null when the key is missing.
  [[nodiscard]] const NodePtr* find(std::string_view key);
  // The same; complains when the key is missing.
  [[nodiscard]] const NodePtr* require(std::string_view key, std::string_view expected);
  [[nodiscard]] bool has(std::string_view key) const { return entry(key) != nullptr; }
  // Complains with `text` about `key` itself, when there is one.
  void refuse(std::string_view key, Errc code, std::string text);
  // Of the value of `key`, else of the map.
  [[nodiscard]] Position position(std::string_view key) const;
  // Of the map.
  [[nodiscard]] Position position() const noexcept { return node_.position; }

  // Each returns true when it set `out`.
  bool text(std::string_view key, std::string& out);
  bool text_or_empty(std::string_view key, std::string& out);
  bool boolean(std::string_view key, bool& out);
  bool real(std::string_view key, double& out, double min, double max);
  bool duration(std::string_view key, Duration& out, Duration min, Duration max);
  bool bytes(std::string_view key, std::uint64_t& out, std::uint64_t min, std::uint64_t max);

  template <std::integral Int>
  bool integer(std::string_view key, Int& out, Int min, Int max) {
    static_assert(sizeof(Int) < 8 || std::signed_integral<Int>);
    std::int64_t value = 0;
    if (!whole_number(key, value, min, max)) return false;
    out = static_cast<Int>(value);
    return true;
  }

  template <class Enum, std::size_t N>
  bool word(std::string_view key, Enum& out, const Word<Enum> (&words)[N]) {
    const std::span<const Word<Enum>> all(words);
    std::vector<std::string> texts;
    for (const Word<Enum>& candidate : all) texts.emplace_back(candidate.text);
    const std::optional<std::size_t> chosen = choose(key, texts, listed(all));
    if (chosen) out = words[*chosen].value;
    return chosen.has_value();
  }

  // Complains about every key that was never asked for, with the nearest one that was.
  void finish();

 private:
  template <class T>
  bool parsed(std::string_view key, T& out, Result<T> (*parse)(std::string_view),
              const std::string& expected, T min, T max);
  bool whole_number(std::string_view key, std::int64_t& out, std::int64_t min, std::int64_t max);
  std::optional<std::size_t> choose(std::string_view key, const std::vector<std::string>& words,
                                    const std::string& expected);
  [[nodiscard]] const Node::Entry* entry(std::string_view key) const;

  const Node& node_;
  const Node* map_;  // &node_, or null when it is no map
  Complaints& complaints_;
  std::vector<std::string> known_;    // asked for
  std::vector<std::string> refused_;  // complained about already
};

}  // namespace tocsin::settings
