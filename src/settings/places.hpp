// Places: where each setting was written, for complaints that only its use can bring: a port that
// is taken, a directory that is not there.
// Keys are paths from the top of the file: "listen.http.address", "listen.statsd[0].udp".
// Threads: a plain value; shared as const once loaded.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "src/settings/complaints.hpp"
#include "src/settings/yaml.hpp"

namespace tocsin::settings {

class Places {
 public:
  Places() = default;  // of settings that no file holds
  Places(std::string file, const Node& root);

  [[nodiscard]] bool empty() const noexcept { return positions_.empty(); }
  // "file:line:column" of the value of `key`. Of one that was left out: of the nearest thing around
  // it that was written. Empty when there is no file.
  [[nodiscard]] std::string of(std::string_view key) const;

  // What settings say does not depend on where they say it.
  friend bool operator==(const Places& /*a*/, const Places& /*b*/) noexcept { return true; }

 private:
  void add(const std::string& key, const Node& node);

  std::string file_;
  std::map<std::string, Position, std::less<>> positions_;  // by key; the whole file is ""
};

// `why` the setting `key` cannot be put to use, as a complaint at its place:
// "file:1:2: listen.http.address: found 127.0.0.1:80 (Permission denied), expected ...".
[[nodiscard]] Error complaint_about(const Places& places, const std::string& key, const Error& why,
                                    std::string_view expected);

}  // namespace tocsin::settings
