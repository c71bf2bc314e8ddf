// Any text is either refused as a posted request or as a line of the file, with a place and a reason,
// or is read; a line that was read and is written again reads as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/app/feedback_line.hpp"
#include "src/app/feedback_request.hpp"

namespace {

using tocsin::Error;
using tocsin::TimePoint;

void require(bool holds) {
  if (!holds) std::abort();
}

void require_reason(const Error& error, std::string_view text) {
  require(error.where.starts_with("offset "));
  require(std::stoul(error.where.substr(7)) <= text.size());
  require(!error.text.empty());
}

std::string place(std::size_t offset) {
  return "offset " + std::to_string(offset);
}

std::string written(const tocsin::app::FeedbackLine& line) {
  std::string text;
  std::visit([&](const auto& which) { tocsin::app::append_line(which, text); }, line);
  text.pop_back();
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const TimePoint now(std::chrono::seconds(1'700'000'000));
  const auto request = tocsin::app::parse_feedback_request(text, now);
  if (!request) {
    require_reason(request.error(), text);
  } else {
    require(!request->author.empty() && request->until > now);
  }
  const auto line = tocsin::app::parse_feedback_line(text, place);
  if (!line) {
    require_reason(line.error(), text);
    return 0;
  }
  const std::string once = written(*line);
  require(once.find('\n') == std::string::npos);
  const auto again = tocsin::app::parse_feedback_line(once, place);
  require(again.has_value() && written(*again) == once);
  return 0;
}
