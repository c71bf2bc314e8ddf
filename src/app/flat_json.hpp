// FlatJson: one JSON object of texts and numbers, as operators post it and as lines of our own files
// hold it, with a place for every complaint.
//     auto json = FlatJson::parse(body, [](std::size_t at) { return "offset " + ...; });
//     const std::string author = json->text("author", "who says so");
//     json->finish();                    // complains about keys that nobody asked for
//     if (json->fault()) ...             // the first thing that is wrong
// Input:   any bytes; at most kMaxMembers members, one of a name, nothing nested.
// Output:  texts are valid UTF-8.
// Errors:  parse(): what is no such object. After that the first complaint is kept.
// Cost:    does not recurse.
// Source:  RFC 8259.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/result.hpp"

namespace tocsin::app {

class FlatJson {
 public:
  static constexpr std::size_t kMaxMembers = 32;

  // Error::where of what stands at an offset in the text.
  using PlaceOf = std::function<std::string(std::size_t offset)>;

  [[nodiscard]] static Result<FlatJson> parse(std::string_view json, PlaceOf place);

  [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }

  // The value of `key`, which is from now on known. Empty or nothing: there is none, or it was
  // complained about: that a key is missing by text(), that it is of another kind by all.
  std::string text(std::string_view key, std::string_view expected);
  std::string text_or_empty(std::string_view key);
  std::optional<double> number(std::string_view key);

  // "key: text", at the value of `key`, else at the end of the object.
  void complain(std::string_view key, Errc code, std::string_view text);
  void finish();

  [[nodiscard]] const std::optional<Error>& fault() const noexcept { return fault_; }

 private:
  class Handler;
  struct Member {
    std::string key;
    std::string value;
    bool is_number = false;
    std::size_t offset = 0;  // of the value
  };

  FlatJson() = default;
  [[nodiscard]] const Member* find(std::string_view key) const;
  const Member* take(std::string_view key);
  void complain_at(std::size_t offset, Errc code, std::string text);

  std::vector<Member> members_;
  std::vector<std::string> known_;  // keys that were asked for
  std::size_t end_ = 0;
  PlaceOf place_;
  std::optional<Error> fault_;
};

}  // namespace tocsin::app
