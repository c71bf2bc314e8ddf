#include "ingest/syslog/relp.hpp"

#include <algorithm>

namespace tocsin::syslog {
namespace {

constexpr std::size_t kMostDigits = 9;
constexpr std::size_t kMostCommandBytes = 32;
constexpr std::string_view kOffers =
    "200 OK\nrelp_version=0\nrelp_software=tocsin\ncommands=syslog";
constexpr std::string_view kVersion = "relp_version=";

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void append_response(std::uint32_t number, std::string_view data, std::string& replies) {
  replies += std::to_string(number);
  replies += " rsp ";
  replies += std::to_string(data.size());
  if (!data.empty()) {
    replies += ' ';
    replies += data;
  }
  replies += '\n';
}

// Offers are lines "name=value"; a client that does not name version 0 speaks something else.
bool offers_version_0(std::string_view offers) noexcept {
  while (!offers.empty()) {
    const std::size_t end = std::min(offers.find('\n'), offers.size());
    const std::string_view offer = offers.substr(0, end);
    if (offer.starts_with(kVersion)) return offer.substr(kVersion.size()) == "0";
    offers.remove_prefix(std::min(end + 1, offers.size()));
  }
  return false;
}

}  // namespace

struct RelpServer::Head {
  enum Kind : std::uint8_t { kOpen, kWhole, kFault };  // kOpen: more bytes will tell
  Kind kind = kOpen;
  std::uint32_t number = 0;
  std::string_view command;
  std::size_t size = 0;    // bytes in front of the data
  std::size_t length = 0;  // of the data
  std::string_view fault;  // what was found and expected
};

namespace {

// Digits at `at`, moved behind them. False: none or too many.
bool read_number(std::string_view text, std::size_t& at, std::uint32_t& number) noexcept {
  const std::size_t begin = at;
  number = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    if (at - begin == kMostDigits) return false;
    number = number * 10 + static_cast<std::uint32_t>(text[at] - '0');
  }
  return at == text.size() || at > begin;
}

}  // namespace

RelpServer::Head RelpServer::read_head(std::string_view buffered) {
  const auto fault = [](std::size_t at, std::string_view text) {
    Head head;
    head.kind = Head::kFault;
    head.size = at;
    head.fault = text;
    return head;
  };
  Head head;
  std::size_t at = 0;
  if (!read_number(buffered, at, head.number)) {
    return fault(at, "expected the number of a RELP frame, at most 9 digits");
  }
  if (at == buffered.size()) return {};
  if (buffered[at] != ' ') return fault(at, "expected a blank behind the number of a RELP frame");
  const std::size_t command = ++at;
  while (at < buffered.size() && at - command <= kMostCommandBytes && is_letter(buffered[at])) ++at;
  if (at - command > kMostCommandBytes) return fault(at, "RELP command longer than 32 letters");
  if (at == buffered.size()) return {};
  if (at == command || buffered[at] != ' ') {
    return fault(at, "expected a RELP command, letters with a blank behind them");
  }
  head.command = buffered.substr(command, at - command);
  ++at;
  std::uint32_t length = 0;
  if (!read_number(buffered, at, length)) {
    return fault(at, "expected the length of a RELP frame, at most 9 digits");
  }
  if (at == buffered.size()) return {};
  // No data, no blank; but one there is forgiven.
  if (length > 0 && buffered[at] != ' ') {
    return fault(at, "expected a blank behind the length of a RELP frame");
  }
  head.size = at + (buffered[at] == ' ' ? 1 : 0);
  head.length = length;
  head.kind = Head::kWhole;
  return head;
}

RelpServer::Step RelpServer::step(std::string_view buffered, std::string& replies) {
  if (to_skip_ > 0) return skip(buffered, replies);
  const Head head = read_head(buffered);
  Step step;
  if (head.kind == Head::kOpen) return step;
  if (head.kind == Head::kFault) {
    step.kind = Step::Kind::kFault;
    step.consumed = head.size;
    step.text = head.fault;
    return step;
  }
  if (head.length > max_message_bytes_) {
    number_ = head.number;
    to_skip_ = head.size + head.length + 1;
    step.kind = Step::Kind::kRefused;
    step.cause = RejectCause::kOversized;
    step.text = "RELP frame longer than the limit";
    return step;
  }
  if (buffered.size() - head.size <= head.length) return step;
  if (buffered[head.size + head.length] != '\n') {
    step.kind = Step::Kind::kFault;
    step.consumed = head.size + head.length;
    step.text = "expected a line feed at the end of a RELP frame";
    return step;
  }
  step = answer(head, buffered.substr(head.size, head.length), replies);
  step.consumed = head.size + head.length + 1;
  return step;
}

RelpServer::Step RelpServer::answer(const Head& head, std::string_view data, std::string& replies) {
  Step step;
  step.kind = Step::Kind::kAnswered;
  if (head.command == "open") {
    is_open_ = offers_version_0(data);
    append_response(head.number, is_open_ ? kOffers : "500 expected relp_version=0", replies);
  } else if (head.command == "close") {
    append_response(head.number, "", replies);
    replies += "0 serverclose 0\n";
    step.kind = Step::Kind::kClosed;
  } else if (head.command == "syslog" && is_open_) {
    number_ = head.number;
    step.kind = Step::Kind::kMessage;
    step.message = data;
  } else if (head.command == "syslog") {
    step.kind = Step::Kind::kFault;
    step.text = "RELP message before \"open\"";
  } else {
    append_response(head.number, "500 unknown command", replies);
  }
  return step;
}

RelpServer::Step RelpServer::skip(std::string_view buffered, std::string& replies) {
  Step step;
  if (buffered.empty()) return step;
  step.kind = Step::Kind::kSkipped;
  step.consumed = std::min(to_skip_, buffered.size());
  to_skip_ -= step.consumed;
  if (to_skip_ == 0) append_response(number_, "500 message longer than the limit", replies);
  return step;
}

void RelpServer::acknowledge(std::string& replies) const {
  append_response(number_, "200 OK", replies);
}

}  // namespace tocsin::syslog
