// What a syslog listener can be told about the messages it receives.
// Threads: a plain value; read-only once a Decoder was made from it.
#pragma once

#include <cstddef>
#include <string>

#include "src/base/time_zone.hpp"

namespace tocsin::syslog {

struct Options {
  // A longer message is refused as kOversized, before or after it was inflated.
  std::size_t max_message_bytes = 64 * 1024;
  // More parameters than this, and the structured data is left unread in front of the text.
  std::size_t max_parameters = 128;

  // Of a message that names no host. Empty: the sender's address. For a local socket: the name of
  // this machine.
  std::string default_host;
  // Of a message that names no program.
  std::string default_service = "syslog";

  // Whether senders write their host into RFC 3164 messages. Turn it off for local sockets
  // (/dev/log), where libc writes none: then only default_host in its place is taken for a host.
  bool with_host = true;
  // Whether the first word behind a host counts as the program although only a blank ends it, as
  // rsyslog and syslog-ng have it. Turn it off where senders write no tag: every first word of
  // their texts would become a service.
  bool bare_tags = true;
  // Of RFC 3164 times, which say nothing about it.
  base::TimeZone time_zone{};

  // Whether control characters of the text, except LF and tab, become "#ooo" (rsyslog's octal
  // form).
  bool escape_controls = false;
  // Takes blanks off the front of the text. Turn it on for rsyslog's
  // RSYSLOG_SyslogProtocol23Format, which doubles the blank.
  bool trim_text = false;
};

}  // namespace tocsin::syslog
