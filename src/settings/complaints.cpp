#include "src/settings/complaints.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::settings {

std::string place(std::string_view file, Position position) {
  return std::string(file) + ':' + std::to_string(position.line) + ':' +
         std::to_string(position.column);
}

void Complaints::add(Errc code, Position position, std::string text) {
  if (found_.size() == kMax) {
    ++suppressed_;
    return;
  }
  found_.push_back({position, code, std::move(text)});
}

std::vector<Error> Complaints::take() {
  std::stable_sort(found_.begin(), found_.end(),
                   [](const Found& a, const Found& b) { return a.position < b.position; });
  std::vector<Error> errors;
  errors.reserve(found_.size() + 1);
  for (Found& found : found_) {
    errors.push_back({found.code, place(file_, found.position), std::move(found.text)});
  }
  if (suppressed_ > 0) {
    errors.push_back({Errc::kLimit, errors.back().where,
                      std::to_string(suppressed_) + " more errors in this file are not shown"});
  }
  clear();
  return errors;
}

void Complaints::clear() noexcept {
  found_.clear();
  suppressed_ = 0;
}

std::string on_one_line(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return out;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kMaxShown = 60;
  std::size_t end = text.size();
  if (end > kMaxShown) {
    end = kMaxShown;
    // Not in the middle of a UTF-8 sequence: continuation bytes are 10xxxxxx.
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  }
  std::string out = '\'' + on_one_line(text.substr(0, end));
  if (end < text.size()) out += "...";
  out += '\'';
  return out;
}

}  // namespace tocsin::settings
