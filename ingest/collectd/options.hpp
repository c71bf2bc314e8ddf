// What a collectd listener can be told about what it receives.
// Threads: a plain value; read-only once a decoder was made from it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ingest/collectd/types_db.hpp"

namespace tocsin::collectd {

// What the binary protocol must show before it is believed. The words are collectd's own.
enum class SecurityLevel : std::uint8_t {
  kNone,     // everything; but what is signed or encrypted must be so correctly if users are known
  kSign,     // only what is signed or encrypted
  kEncrypt,  // only what is encrypted
};

struct Options {
  SecurityLevel security_level = SecurityLevel::kNone;
  // Names of data sources, and the types of values in the text protocol. None: data sources are
  // named by their index, and every value of the text protocol is a gauge.
  std::shared_ptr<const TypesDb> types;
  std::chrono::nanoseconds default_interval = std::chrono::seconds{10};  // for lists without one
  // Lists older than this on arrival are refused. Set it against replay of captured datagrams:
  // within it, only the order of times protects a series.
  std::optional<std::chrono::nanoseconds> max_age;
  // Of a host, plugin, type or instance; at most 4096. collectd's own: 127.
  std::size_t max_name_bytes = 1023;
  std::size_t max_message_bytes = 8192;  // of a notification; the rest is cut off. collectd: 255
  std::size_t max_line_bytes = 65536;    // of the text protocol
  std::size_t max_object_bytes = 65536;  // of write_http
  // Of the value lists that each decoder of the binary protocol remembers (ListCache); others are
  // parsed each time. 0: none. 16 MiB are some 70,000 lists.
  std::size_t max_remembered_bytes = std::size_t{16} << 20;
  bool http_values_are_rates = false;  // write_http is configured with `StoreRates true`
  std::string default_host;            // for notifications that name none
};

}  // namespace tocsin::collectd
