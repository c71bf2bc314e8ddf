// What a Graphite listener can be told about the points it receives.
// Threads: a plain value; read-only once a decoder was made from it. Decoders of one listener share
//          the compiled templates.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "ingest/graphite/templates.hpp"

namespace tocsin::graphite {

struct Options {
  std::size_t max_line_bytes = 16384;  // a longer line is refused as kOversized (carbon's limit)
  std::size_t max_name_bytes = 4096;   // a longer name, tags included, is refused as kOversized
  std::size_t max_tags = 64;           // of one name; more are refused as kTags
  std::size_t max_frame_bytes = 1U << 20;    // a longer pickle is refused as kOversized (carbon's)
  std::size_t max_pickle_values = 1U << 19;  // texts, numbers, tuples and lists in one pickle; a
                                             // full frame of carbon-relay has some 2,500
  std::string default_host;                  // for names that say nothing about their host
  std::optional<std::chrono::nanoseconds> ttl;  // of every event; empty: none
  std::shared_ptr<const Templates> templates;   // null: the whole path is the service
};

}  // namespace tocsin::graphite
