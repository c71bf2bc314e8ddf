// ListCache: the value lists of a decoder's senders, remembered as they stood on the wire.
// collectd sends the same lists in the same order in every interval; of their bytes only times and
// values differ. So a list that comes again behind the same list as before is told by comparing
// bytes, and what was made of its name (PreparedList) is used again: nothing is parsed, composed or
// hashed. What comes in another order is parsed, and remembered in that order too.
//   datagram  := list list list ...       each: the parts that describe it, then its values
//   key       := (the list before, the list's bytes without time and values)
//                (nothing, the same, the sender, whose password was shown)     of a first list
// First lists mostly come in the same order, too, since each sender keeps its interval: the one that
// came behind the last first one is tried before any is searched for.
// What a list says is a function of its key only while parts do nothing but describe and are whole;
// whoever remembers sees to that.
// Memory:  a list is one piece of some 220 bytes, behind that of the list that came before it when
//          both were new: lists are read one after the other, as the processor expects.
//            piece := List, SourceText of each value, texts, key
// Limits:  `max_bytes` of pieces. When they are used up nothing is added, and kFullPause later
//          everything is forgotten. Lists whose texts take more than 64 KiB are never added.
// Threads: one owner.
// Cost:    a repeated list: comparing its bytes. A new one: a hash and the piece.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ingest/collectd/part.hpp"
#include "ingest/collectd/prepared_list.hpp"
#include "ingest/collectd/short_text.hpp"
#include "ingest/collectd/value_list.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/event.hpp"

namespace tocsin::collectd {

class ListCache {
 public:
  static constexpr std::chrono::minutes kFullPause{10};

  // Where things stand in the bytes of a list, from its first part on.
  struct Layout {
    std::uint16_t values_at = 0;  // the first value; all before it describes
    std::uint16_t values = 0;
    std::uint16_t time_at = 0;        // the number of its time part; 0: it has none
    bool is_high_resolution = false;  // the unit of that
    std::uint8_t texts = 0;           // a bit for each text that is said, by its type of part

    [[nodiscard]] std::size_t size() const noexcept { return values_at + values * kNumberBytes; }
  };
  // Of the list that `bytes` begin with. Empty: other parts than those that describe come before
  // the values, or a part's length is not what it should be, or there are two times, or the values
  // begin beyond 64 KiB.
  [[nodiscard]] static std::optional<Layout> read_layout(std::string_view bytes) noexcept;

  struct List {
    // Whether `bytes` begin with this list, whatever its time and values.
    [[nodiscard]] [[gnu::always_inline]] bool is_at(std::string_view bytes) const noexcept {
      if (bytes.size() < layout.size()) return false;
      const std::size_t time_at = layout.time_at;
      const std::size_t time_end = time_at == 0 ? 0 : time_at + kNumberBytes;
      // Nearly all begin with the head of a time: a length that the compiler knows.
      return (time_at == kHeadBytes ? equal_short(bytes.data(), key.data(), kHeadBytes)
                                    : equal_short(bytes.data(), key.data(), time_at)) &&
             equal_short(bytes.data() + time_end, key.data() + time_end,
                         layout.values_at - time_end);
    }
    // The texts of its values.
    [[nodiscard]] const SourceText* sources() const noexcept {
      return reinterpret_cast<const SourceText*>(this + 1);
    }

    List* next = nullptr;        // that came behind it the last time
    List* next_first = nullptr;  // of a first list: the first one that came next
    Layout layout;
    std::string_view key;  // up to layout.values_at the bytes, the time being zeros
    PreparedList prepared;
    const List* before = nullptr;
    std::chrono::nanoseconds interval{0};  // as it was sent
  };

  ListCache(std::size_t max_bytes, std::uint64_t seed) noexcept
      : max_bytes_(max_bytes), seed_(seed) {}

  // To be called for each datagram. Invalidates all lists when they are forgotten.
  void begin_datagram(TimePoint received);

  // The list that `bytes` begin with, if it was ever the first one that `peer` sent and `user`
  // vouched for; else null.
  [[nodiscard]] List* find_first(std::string_view bytes, const Peer& peer, std::string_view user);

  // Remembers the list that `bytes` begin with, which was parsed to `list` and made `prepared` of,
  // behind `before`; null: it is the first. Returns null when nothing more can be remembered, or
  // not of such a list.
  List* remember(List* before, std::string_view bytes, const Peer& peer, const ValueList& list,
                 const PreparedList& prepared);

  [[nodiscard]] std::size_t size() const noexcept { return lists_.size(); }

 private:
  void make_key(std::string_view bytes, const Layout& layout);
  void make_first_key(std::string_view bytes, const Layout& layout, const Peer& peer,
                      std::string_view user);
  void set_first(List* list) noexcept;
  [[nodiscard]] std::uint64_t hash_of_key(const List* before) const noexcept;
  [[nodiscard]] List* find(std::uint64_t hash, const List* before) const;
  [[nodiscard]] List* add(const PreparedList& prepared, const Layout& layout);

  // Fixed after construction.
  const std::size_t max_bytes_;
  const std::uint64_t seed_;

  std::pmr::monotonic_buffer_resource pieces_;
  std::size_t bytes_ = 0;                                // of them
  std::unordered_multimap<std::uint64_t, List*> lists_;  // by the hash of their key
  std::string key_;
  List* first_ = nullptr;  // of the last datagram that had a known one
  TimePoint now_{};
  std::optional<TimePoint> full_since_;
};

}  // namespace tocsin::collectd
