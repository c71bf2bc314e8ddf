#include "src/base/system_error.hpp"

#include <system_error>

namespace tocsin::base {

std::string errno_text(int error_number) {
  return std::generic_category().message(error_number);
}

Error system_error(std::string_view where, std::string_view action, int error_number) {
  std::string text(action);
  text += ": ";
  text += errno_text(error_number);
  return Error{Errc::kIo, std::string(where), std::move(text)};
}

}  // namespace tocsin::base
