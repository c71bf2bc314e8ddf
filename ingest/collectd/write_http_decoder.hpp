// Decodes what collectd's write_http plugin posts: JSON objects or PUTVAL lines.
//   body := "[" object ("," object)* "]"     and, as Kafka bridges send them, objects one after
//           another, with blanks, commas and brackets between them
//         | line*                            TextDecoder says which
// A body that begins with '[' or '{' is JSON.
// Input:   one body of a request, or any number of whole objects.
// Output:  EventWriter says which events.
// Record:  an object; a line; what stands between objects and is none.
// Errors:  a bad object is refused alone. Its end is found by its brackets and quotes.
// Threads: one decoder per connection.
// Source:  write_http in collectd.conf(5) of collectd 5.12; WriteHttpObject has the members.
#pragma once

#include <cstddef>
#include <string_view>

#include "ingest/collectd/event_writer.hpp"
#include "ingest/collectd/options.hpp"
#include "ingest/collectd/text_decoder.hpp"
#include "ingest/collectd/write_http_object.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::collectd {

class WriteHttpDecoder final : public Decoder {
 public:
  // `rates` and `intake` must outlive the decoder.
  WriteHttpDecoder(Options options, RateTable& rates, Intake& intake);
  WriteHttpDecoder(const WriteHttpDecoder&) = delete;  // the writer looks at these options
  WriteHttpDecoder& operator=(const WriteHttpDecoder&) = delete;

  [[nodiscard]] std::size_t decode(std::string_view bytes, const Origin& origin) override;
  [[nodiscard]] bool flush() override { return true; }
  void drop() override;

 private:
  [[nodiscard]] bool take_object(std::string_view object, std::size_t offset, const Origin& origin);

  // Fixed after construction.
  const Options options_;
  Intake& intake_;

  TextDecoder lines_;
  WriteHttpObject object_;
  EventWriter writer_;
  bool is_lines_ = false;  // what is being decoded
  bool is_open_ = false;   // the last decode() did not take everything
};

}  // namespace tocsin::collectd
