// Decodes text without a form: each record becomes an event.
//     host = options.host, service = options.service, description = the text, time = that of
//     arrival, attributes ingest = "tail", file = the path
// Input:   one record; LFs in it stay. Bytes that are no UTF-8 become U+FFFD.
// Full:    decode() returns 0 and the record is offered again; after drop() it is given up.
// Threads: one decoder per file; holds no shared state.
// Cost:    UTF-8 is looked at, not copied; allocates nothing once it has seen its longest record.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::tail {

struct PlainOptions {
  std::string service;  // empty: the base name of the file
  std::string host;
};

class PlainDecoder final : public Decoder {
 public:
  // `intake` outlives the decoder.
  PlainDecoder(const PlainOptions& options, std::string_view path, Intake& intake);

  [[nodiscard]] std::size_t decode(std::string_view bytes, const Origin& origin) override;
  [[nodiscard]] bool flush() override { return true; }
  void drop() override { may_give_up_ = waits_; }

 private:
  [[nodiscard]] std::string_view mended(std::string_view text);

  // Fixed after construction.
  const std::string path_;
  const std::string service_;
  const std::string host_;
  Intake& intake_;

  std::string mended_;
  bool waits_ = false;        // the last record was refused
  bool may_give_up_ = false;  // drop() was called for it
};

}  // namespace tocsin::tail
