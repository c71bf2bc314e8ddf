// Record: one event while the rules work on it. Its fields are flat (field_name.hpp); those of the
// event itself are among them, by role, and hold one value each, so that storing into them
// replaces.
// Memory:  texts stay where they are (the decoder's buffer, the rules, the arena) and must live
//          until view() was used; names that are given as text too.
// Threads: one. Reused from event to event.
// Cost:    a field is found by its hash in a small table of places, which an event with very many
//          fields outgrows: then they are searched from front to back. No allocation once the event
//          with the most fields was seen.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/query/fields.hpp"
#include "src/rules/parse/field_name.hpp"
#include "src/rules/parse/text_arena.hpp"
#include "src/rules/parse/value.hpp"
#include "tocsin/event.hpp"

namespace tocsin::rules::parse {

// A name as the record looks for it: of the rules, or found in an event.
struct FieldKey {
  std::string_view text;
  std::uint64_t hash;
  FieldRole role;

  FieldKey(const FieldName& name) noexcept  // NOLINT(*-explicit-*): it is that name
      : text(name.text()), hash(name.hash()), role(name.role()) {}
  FieldKey(FieldName&&) = delete;
  explicit FieldKey(std::string_view name) noexcept
      : text(name), hash(name_hash(name)), role(role_of(name)) {}
  // Of an attribute, whatever it is called.
  [[nodiscard]] static FieldKey attribute(std::string_view name) noexcept {
    return {name, name_hash(name), FieldRole::kAttribute};
  }

 private:
  FieldKey(std::string_view name, std::uint64_t its_hash, FieldRole its_role) noexcept
      : text(name), hash(its_hash), role(its_role) {}
};

class Record final : public query::Fields {
 public:
  // Further fields are refused.
  static constexpr std::size_t kMaxFields = 1024;

  // Begins with `event`, which is viewed until the next assign(). Resets the arena.
  void assign(const EventView& event);

  // None: there is no such field, or it is null. Of "@timestamp" a text.
  [[nodiscard]] Value find(const FieldKey& key) const;

  // Also when it is null.
  [[nodiscard]] bool has(const FieldKey& key) const;

  // Replaces what is there; a value of none makes the field null. False, and nothing changed: the
  // field cannot hold it (a metric that is no number, say), or there are too many.
  bool set(const FieldKey& key, Value value);
  // As grok stores a capture: what is no field yet, or null, is set; a text becomes a list, a list
  // grows; another value stays, and this one is dropped. The event's own fields are replaced.
  bool store(const FieldKey& key, Value value);
  // With all that stand below it: `http` takes `http.status` along. Whether there were any.
  bool remove(const FieldKey& key);
  // The same for renaming; what had the new name is gone.
  bool rename(const FieldKey& from, const FieldKey& to);
  // Calls visit(name, value) for each attribute at or below `key`: the rest of its name ("" for
  // itself) and its value. The record must not change meanwhile.
  template <class Visit>
  void for_each_below(const FieldKey& key, Visit&& visit) const {
    for (const Field& field : fields_) {
      if (is_at_or_below(field.name, key.text)) {
        visit(field.name.substr(key.text.size()), field.value);
      }
    }
  }

  void set_time(TimePoint time) noexcept { event_.time = time; }
  void add_tag(std::string_view tag);
  void remove_tag(std::string_view tag);

  [[nodiscard]] TextArena& arena() const noexcept { return arena_; }
  [[nodiscard]] TimePoint time() const noexcept { return event_.time; }
  [[nodiscard]] bool has_metric() const noexcept { return event_.metric.index() != 0; }
  [[nodiscard]] const std::vector<std::string_view>& tags() const noexcept { return tags_; }
  // The description that the event came with.
  [[nodiscard]] std::string_view raw_message() const noexcept { return raw_message_; }
  // Whether host, service or tags are other ones than the event came with.
  [[nodiscard]] bool has_new_identity() const noexcept { return new_identity_; }

  // The event as it is by now. Valid until the record changes.
  [[nodiscard]] const EventView& view();

  // query::Fields: what predicates see. `message` is the description here as well.
  [[nodiscard]] query::Value value(query::Field field,
                                   std::string_view name) const noexcept override;
  [[nodiscard]] bool has_tags() const noexcept override { return !tags_.empty(); }
  [[nodiscard]] bool tagged(std::string_view tag) const noexcept override;

 private:
  // Made where it stays: one copied from elsewhere would wait for the stores that have made it.
  struct Field {
    explicit Field(const FieldKey& key) noexcept : name(key.text), hash(key.hash) {}

    std::string_view name;
    std::uint64_t hash;
    Value value;
  };

  [[nodiscard]] static bool is_at_or_below(std::string_view name, std::string_view top) noexcept {
    return name.starts_with(top) && (name.size() == top.size() || name[top.size()] == '.');
  }
  // Where fields are: by the upper bits of their hashes, behind each other when these are the same.
  // A place of an earlier event counts as free.
  struct Place {
    std::uint16_t event = 0;  // which one wrote it: events_
    std::uint16_t field = 0;  // in fields_
  };
  static constexpr unsigned kPlaceBits = 8;
  static constexpr std::size_t kPlaces = std::size_t{1} << kPlaceBits;
  static constexpr std::size_t kMostPlaced = kPlaces / 2;

  [[nodiscard]] static bool is_called(const Field& field, const FieldKey& key) noexcept {
    if (field.hash != key.hash) return false;
    // Mostly both are the rules' own text.
    return (field.name.data() == key.text.data() && field.name.size() == key.text.size()) ||
           field.name == key.text;
  }
  [[nodiscard]] Field* find_attribute(const FieldKey& key) noexcept;
  [[nodiscard]] const Field* find_attribute(const FieldKey& key) const noexcept;
  // A new field is null. Null pointer: there are too many.
  [[nodiscard]] Field* find_or_add(const FieldKey& key);
  // Among those that have no place.
  [[nodiscard]] Field* find_unplaced(const FieldKey& key) noexcept;
  [[nodiscard]] static std::size_t place_of(std::uint64_t hash) noexcept {
    return hash >> (64 - kPlaceBits);
  }
  void forget_places() noexcept;
  void place_all() noexcept;
  void place(std::size_t field) noexcept;
  bool remove_below(std::string_view top);
  // Precondition: the role is not kAttribute.
  bool set_own(FieldRole role, Value value);
  void set_identifying(std::string_view& text, const Value& value);
  bool set_metric(const Value& value);
  bool set_ttl(const Value& value);
  bool set_time(const Value& value);
  void set_tags(const Value& value);
  [[nodiscard]] Value find_own(FieldRole role) const;

  mutable TextArena arena_;
  EventView event_;  // of its attributes and tags only what view() put there
  std::vector<Field> fields_;
  std::array<Place, kPlaces> places_{};  // of the first kMostPlaced fields
  std::uint16_t events_ = 0;             // counts what began with empty places; never 0 then
  std::vector<std::string_view> tags_;
  std::string_view raw_message_;
  bool new_identity_ = false;

  std::vector<AttributeView> attributes_;  // of view()
  mutable std::string scratch_;
};

}  // namespace tocsin::rules::parse
