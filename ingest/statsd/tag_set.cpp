#include "ingest/statsd/tag_set.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "ingest/statsd/text.hpp"

namespace tocsin::statsd {

void TagSet::add_list(std::string_view list) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    add(list.substr(0, end), ':');
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

void TagSet::add(std::string_view tag, char separator) {
  if (tag.empty()) return;
  ++count_;
  const std::size_t cut = tag.find(separator);
  if (cut == std::string_view::npos || cut == 0) {
    tags_.push_back(to_utf8(tag));
    return;
  }
  std::string key = to_utf8(tag.substr(0, cut));
  std::string value = to_utf8(tag.substr(cut + 1));
  if (key == "host") {
    host_ = std::move(value);
  } else {
    attributes_.push_back({std::move(key), std::move(value)});
  }
}

void TagSet::set(std::string_view key, std::string value) {
  own_.push_back({std::string(key), std::move(value)});
}

std::vector<std::string> TagSet::take_tags() {
  std::sort(tags_.begin(), tags_.end());
  tags_.erase(std::unique(tags_.begin(), tags_.end()), tags_.end());
  return std::move(tags_);
}

std::vector<Attribute> TagSet::take_attributes() {
  std::move(own_.begin(), own_.end(), std::back_inserter(attributes_));
  // Backwards, so that of equal keys the last added comes first and is the one that unique keeps.
  std::reverse(attributes_.begin(), attributes_.end());
  const auto by_key = [](const Attribute& a, const Attribute& b) { return a.key < b.key; };
  const auto same_key = [](const Attribute& a, const Attribute& b) { return a.key == b.key; };
  std::stable_sort(attributes_.begin(), attributes_.end(), by_key);
  attributes_.erase(std::unique(attributes_.begin(), attributes_.end(), same_key),
                    attributes_.end());
  return std::move(attributes_);
}

}  // namespace tocsin::statsd
