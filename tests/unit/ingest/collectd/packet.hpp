// Builds datagrams of collectd's binary protocol, right or wrong.
#pragma once

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/collectd/seal.hpp"
#include "ingest/collectd/value_list.hpp"

namespace tocsin::collectd::testing {

inline std::string big_endian(std::uint64_t number, int bytes) {
  std::string out;
  while (bytes-- > 0) out += static_cast<char>(number >> 8 * bytes & 0xff);
  return out;
}

inline std::string part(std::uint16_t type, std::string_view payload) {
  return big_endian(type, 2) + big_endian(payload.size() + 4, 2) + std::string(payload);
}
inline std::string text_part(std::uint16_t type, std::string_view text) {
  return part(type, std::string(text) + '\0');
}
inline std::string number_part(std::uint16_t type, std::uint64_t number) {
  return part(type, big_endian(number, 8));
}

inline std::string host(std::string_view text) {
  return text_part(0x0000, text);
}
inline std::string plugin(std::string_view text) {
  return text_part(0x0002, text);
}
inline std::string plugin_instance(std::string_view text) {
  return text_part(0x0003, text);
}
inline std::string type(std::string_view text) {
  return text_part(0x0004, text);
}
inline std::string type_instance(std::string_view text) {
  return text_part(0x0005, text);
}
inline std::string message(std::string_view text) {
  return text_part(0x0100, text);
}
inline std::string seconds(std::uint64_t time) {
  return number_part(0x0001, time);
}
inline std::string units(std::uint64_t time) {
  return number_part(0x0008, time);
}
inline std::string interval_seconds(std::uint64_t time) {
  return number_part(0x0007, time);
}
inline std::string interval_units(std::uint64_t time) {
  return number_part(0x0009, time);
}
inline std::string severity(std::uint64_t number) {
  return number_part(0x0101, number);
}

inline Value gauge(double value) {
  return Value::of_real(value, DsType::kGauge, false);
}
inline Value counter(std::uint64_t value) {
  return {value, DsType::kCounter, false};
}
inline Value derive(std::int64_t value) {
  return {static_cast<std::uint64_t>(value), DsType::kDerive, false};
}
inline Value absolute(std::uint64_t value) {
  return {value, DsType::kAbsolute, false};
}

inline std::string values(const std::vector<Value>& list) {
  std::string types;
  std::string numbers;
  for (const Value& value : list) {
    types += static_cast<char>(value.type);
    std::string number = big_endian(value.bits, 8);
    if (value.type == DsType::kGauge) number = {number.rbegin(), number.rend()};
    numbers += number;
  }
  return part(0x0006, big_endian(list.size(), 2) + types + numbers);
}

// What describes web-1's value lists of the plugin `api` and the type `type_name`.
inline std::string description(std::uint64_t time, std::string_view type_name = "gauge") {
  return host("web-1") + seconds(time) + interval_seconds(10) + plugin("api") + type(type_name);
}

// A datagram whose signature covers `rest`.
inline std::string signed_datagram(std::string_view user, std::string_view password,
                                   std::string_view rest) {
  const std::string covered = std::string(user) + std::string(rest);
  std::array<unsigned char, 32> mac{};
  unsigned size = 0;
  REQUIRE(HMAC(EVP_sha256(), password.data(), static_cast<int>(password.size()),
               reinterpret_cast<const unsigned char*>(covered.data()), covered.size(), mac.data(),
               &size) != nullptr);
  const std::string_view mac_text(reinterpret_cast<const char*>(mac.data()), size);
  return part(0x0200, std::string(mac_text) + std::string(user)) + std::string(rest);
}

inline std::string encryption_part(std::string_view user, std::string_view password,
                                   std::string_view parts) {
  std::array<unsigned char, 20> sum{};
  REQUIRE(EVP_Digest(parts.data(), parts.size(), sum.data(), nullptr, EVP_sha1(), nullptr) == 1);
  const std::string clear =
      std::string(reinterpret_cast<const char*>(sum.data()), sum.size()) + std::string(parts);
  const std::string iv(16, '\x5a');
  std::string sealed(clear.size(), '\0');
  EVP_CIPHER_CTX* const context = EVP_CIPHER_CTX_new();
  int size = 0;
  REQUIRE(EVP_EncryptInit_ex(context, EVP_aes_256_ofb(), nullptr, encryption_key(password).data(),
                             reinterpret_cast<const unsigned char*>(iv.data())) == 1);
  REQUIRE(EVP_EncryptUpdate(context, reinterpret_cast<unsigned char*>(sealed.data()), &size,
                            reinterpret_cast<const unsigned char*>(clear.data()),
                            static_cast<int>(clear.size())) == 1);
  EVP_CIPHER_CTX_free(context);
  return part(0x0210, big_endian(user.size(), 2) + std::string(user) + iv + sealed);
}

}  // namespace tocsin::collectd::testing
