// MD5, because carbon's hash ring is made of it. It protects nothing.
// Cost:    some 150 ns for every 64 bytes; names of up to 55 bytes are one such block.
// Source:  RFC 1321.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tocsin::publish::graphite {

[[nodiscard]] std::array<std::uint8_t, 16> md5(std::string_view text) noexcept;

}  // namespace tocsin::publish::graphite
