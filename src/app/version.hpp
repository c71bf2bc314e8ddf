// The version of this build.
#pragma once

#include <string_view>

namespace tocsin::app {

inline constexpr std::string_view kVersion = TOCSIN_VERSION;

}  // namespace tocsin::app
