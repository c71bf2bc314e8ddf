// Decodes OpenTSDB's telnet-style lines: the example of docs/adding-a-decoder.md.
//   line := "put" metric seconds value (key "=" value)+        separated by single blanks
// Output:  service = metric, host = the tag of that name, the other tags as attributes.
// Errors:  Intake::reject per bad line; its neighbours are kept.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::example {

class PutDecoder final : public tocsin::Decoder {
 public:
  explicit PutDecoder(Intake& intake) : intake_(intake) {}

  [[nodiscard]] std::size_t decode(std::string_view bytes, const Origin& origin) override;
  [[nodiscard]] bool flush() override { return true; }  // nothing is ever buffered
  void drop() override { may_give_up_ = waits_; }

 private:
  [[nodiscard]] bool take(std::string_view line, std::size_t offset, const Origin& origin);

  Intake& intake_;
  std::vector<AttributeView> attributes_;  // reused, so that an event allocates nothing
  bool waits_ = false;                     // the pipeline did not take the last event
  bool may_give_up_ = false;               // drop() was called for it
};

}  // namespace tocsin::example
