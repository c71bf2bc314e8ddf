// MD5, because carbon's hash ring is made of it. It protects nothing.
// Cost:    about 200 ns for a name of up to 55 bytes.
// Source:  RFC 1321.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tocsin::publish::graphite {

[[nodiscard]] std::array<std::uint8_t, 16> md5(std::string_view text) noexcept;

}  // namespace tocsin::publish::graphite
