// Why a record is refused, before it is handed to Intake::reject.
#pragma once

#include <cstddef>
#include <string_view>

#include "tocsin/intake.hpp"

namespace tocsin::nagios {

struct Refusal {
  RejectCause cause = RejectCause::kSyntax;
  std::size_t offset = 0;  // of the fault, in the text that was read
  std::string_view text;   // what was found and what was expected; a constant
};

}  // namespace tocsin::nagios
