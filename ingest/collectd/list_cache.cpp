#include "ingest/collectd/list_cache.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cassert>
#include <limits>
#include <new>
#include <type_traits>

namespace tocsin::collectd {
namespace {

constexpr std::size_t kMostBytes = std::numeric_limits<std::uint16_t>::max();

std::string_view address_of(const Peer& peer) noexcept {
  return {reinterpret_cast<const char*>(peer.address.data()), peer.address.size()};
}

// Whether the end of its key is that of make_first_key().
bool is_first_of(const ListCache::List& list, const Peer& peer, std::string_view user) noexcept {
  const std::string_view end = list.key.substr(list.layout.values_at);
  const std::string_view address = address_of(peer);
  return end.size() == 1 + address.size() + user.size() &&
         end.front() == static_cast<char>(peer.family) &&
         equal_short(end.substr(1, address.size()), address) &&
         equal_short(end.substr(1 + address.size()), user);
}

// Its destructor is never called.
static_assert(std::is_trivially_destructible_v<ListCache::List>);
static_assert(alignof(SourceText) <= alignof(ListCache::List));

}  // namespace

std::optional<ListCache::Layout> ListCache::read_layout(std::string_view bytes) noexcept {
  Layout layout;
  for (std::size_t at = 0; bytes.size() - at >= kHeadBytes;) {
    const PartHead head = read_head(bytes.data() + at);
    if (head.length < kHeadBytes || head.length > bytes.size() - at) return std::nullopt;
    const std::size_t payload = at + kHeadBytes;
    switch (head.type) {
      case kHost:
      case kPlugin:
      case kPluginInstance:
      case kType:
      case kTypeInstance:
        layout.texts |= static_cast<std::uint8_t>(1u << head.type);
        break;
      case kInterval:
      case kIntervalHr:
        break;
      case kTime:
      case kTimeHr:
        if (layout.time_at != 0 || head.length != kHeadBytes + kNumberBytes) return std::nullopt;
        if (payload > kMostBytes) return std::nullopt;
        layout.time_at = static_cast<std::uint16_t>(payload);
        layout.is_high_resolution = head.type == kTimeHr;
        break;
      case kValues:
        if (head.length < kHeadBytes + kCountBytes + kValueBytes) return std::nullopt;
        layout.values = base::load_big_endian<std::uint16_t>(bytes.data() + payload);
        if (payload + kCountBytes + layout.values > kMostBytes) return std::nullopt;
        layout.values_at = static_cast<std::uint16_t>(payload + kCountBytes + layout.values);
        if (head.length != kHeadBytes + kCountBytes + layout.values * kValueBytes) {
          return std::nullopt;
        }
        return layout;
      default:
        return std::nullopt;
    }
    at += head.length;
  }
  return std::nullopt;
}

void ListCache::begin_datagram(TimePoint received) {
  now_ = received;
  if (!full_since_ || received - *full_since_ < kFullPause) return;
  lists_.clear();
  pieces_.release();
  bytes_ = 0;
  first_ = nullptr;
  full_since_.reset();
}

ListCache::List* ListCache::find_first(std::string_view bytes, const Peer& peer,
                                       std::string_view user) {
  if (first_ != nullptr) {
    List* const guess = first_->next_first;
    if (guess != nullptr && guess->is_at(bytes) && is_first_of(*guess, peer, user)) {
      set_first(guess);
      return guess;
    }
  }
  const std::optional<Layout> layout = read_layout(bytes);
  if (!layout || lists_.empty()) return nullptr;
  make_first_key(bytes, *layout, peer, user);
  List* const found = find(hash_of_key(nullptr), nullptr);
  if (found != nullptr) set_first(found);
  return found;
}

// `list` is the first one of the datagram at hand.
void ListCache::set_first(List* list) noexcept {
  if (first_ != nullptr) first_->next_first = list;
  first_ = list;
}

ListCache::List* ListCache::remember(List* before, std::string_view bytes, const Peer& peer,
                                     const ValueList& list, const PreparedList& prepared) {
  const std::optional<Layout> layout = read_layout(bytes);
  if (!layout) return nullptr;
  assert(list.meta.empty() && list.sources.empty() && list.values.size() == layout->values);
  if (before == nullptr) {
    make_first_key(bytes, *layout, peer, list.user);
  } else {
    make_key(bytes, *layout);
  }
  const std::uint64_t hash = hash_of_key(before);
  List* found = find(hash, before);
  if (found == nullptr) {
    found = add(prepared, *layout);
    if (found == nullptr) return nullptr;
    found->before = before;
    found->interval = list.interval;
    lists_.emplace(hash, found);
  }
  if (before != nullptr) {
    before->next = found;
  } else {
    set_first(found);
  }
  return found;
}

// With key_, as one piece. Null: the limit is reached, or its texts are too long.
ListCache::List* ListCache::add(const PreparedList& prepared, const Layout& layout) {
  const std::size_t texts_size = texts_bytes(prepared, layout.values);
  if (texts_size > SeriesText::kMostBytes) return nullptr;
  const std::size_t sources_size = layout.values * sizeof(SourceText);
  const std::size_t bytes = sizeof(List) + sources_size + texts_size + key_.size();
  if (bytes_ + bytes > max_bytes_) {
    if (!full_since_) full_since_ = now_;
    return nullptr;
  }
  bytes_ += bytes;
  auto* const piece = static_cast<std::byte*>(pieces_.allocate(bytes, alignof(List)));
  auto* const added = new (piece) List;
  auto* const sources = new (piece + sizeof(List)) SourceText[layout.values];
  char* const texts = reinterpret_cast<char*>(piece + sizeof(List) + sources_size);
  write_texts(prepared, texts, {sources, layout.values});
  key_.copy(texts + texts_size, key_.size());
  added->layout = layout;
  added->key = {texts + texts_size, key_.size()};
  added->prepared = prepared;
  added->prepared.series = {texts, prepared.series};
  return added;
}

void ListCache::make_key(std::string_view bytes, const Layout& layout) {
  key_.assign(bytes, 0, layout.values_at);
  if (layout.time_at != 0) key_.replace(layout.time_at, kNumberBytes, kNumberBytes, '\0');
}

void ListCache::make_first_key(std::string_view bytes, const Layout& layout, const Peer& peer,
                               std::string_view user) {
  make_key(bytes, layout);
  key_ += static_cast<char>(peer.family);
  key_ += address_of(peer);
  key_ += user;
}

std::uint64_t ListCache::hash_of_key(const List* before) const noexcept {
  return XXH3_64bits_withSeed(key_.data(), key_.size(),
                              seed_ ^ reinterpret_cast<std::uintptr_t>(before));
}

ListCache::List* ListCache::find(std::uint64_t hash, const List* before) const {
  const auto [begin, end] = lists_.equal_range(hash);
  for (auto at = begin; at != end; ++at) {
    List* const list = at->second;
    if (list->before == before && list->key == key_) return list;
  }
  return nullptr;
}

}  // namespace tocsin::collectd
