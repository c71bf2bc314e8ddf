// TagSet: gathers the tags of a series, an event or a check in their canonical form.
//   `canary`      a bare tag
//   `env:prod`    an attribute, cut at the first ':'; of a repeated key the last value counts
//   `host:web-1`  the host; `host:` says "no host"
// Text that is not UTF-8 is repaired; empty tags are ignored.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/event.hpp"

namespace tocsin::statsd {

class TagSet {
 public:
  // Comma-separated tags, as behind the '#'.
  void add_list(std::string_view list);
  // One tag, cut at the first `separator`. With an empty key it is a bare tag as it stands.
  void add(std::string_view tag, char separator);
  // An attribute of ours: wins over a tag of that key, and is not counted.
  void set(std::string_view key, std::string value);

  // How many tags were added, repeated ones too.
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  [[nodiscard]] const std::optional<std::string>& host() const noexcept { return host_; }

  // Sorted and unique. Each may be called once.
  [[nodiscard]] std::vector<std::string> take_tags();
  [[nodiscard]] std::vector<Attribute> take_attributes();

 private:
  std::vector<std::string> tags_;
  std::vector<Attribute> attributes_;  // from tags, in order of arrival
  std::vector<Attribute> own_;         // from set()
  std::optional<std::string> host_;
  std::size_t count_ = 0;
};

}  // namespace tocsin::statsd
