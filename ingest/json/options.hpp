// What a listener of JSON lines can be told.
// Threads: plain values; read-only once a Decoder was made from them.
#pragma once

#include <cstddef>
#include <string>

namespace tocsin::json_lines {

// Of one object.
struct Limits {
  // Members with a value, and elements of `tags`, that one object may have. More are refused as
  // kOversized.
  std::size_t max_members = 256;
  // Objects in objects up to this depth become members with dots in their names; what is deeper
  // stays JSON text. The object itself has depth 1.
  std::size_t max_depth = 8;
  // A longer name, with the names around it and the dots, is refused as kOversized.
  std::size_t max_key_bytes = 255;
};

struct Options {
  // A longer line, or object of an array, is refused as kOversized.
  std::size_t max_line_bytes = 64 * 1024;
  Limits limits{};

  // Of an event that names no host. Empty: the sender's address.
  std::string default_host;
  // Of an event that names no service.
  std::string default_service = "json";

  // Whether each decode() gets the whole body of an HTTP request, in which an array or a single
  // object may run over several lines. On a stream no object does, so that a broken one cannot
  // swallow its neighbours.
  bool whole_bodies = false;
};

}  // namespace tocsin::json_lines
