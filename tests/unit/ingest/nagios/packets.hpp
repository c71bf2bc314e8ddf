// Builds NSCA packets as a client does, for the tests of both sides of the cipher.
#pragma once

#include <openssl/evp.h>
#include <zlib.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/nagios/nsca_cipher.hpp"
#include "ingest/nagios/nsca_packet.hpp"

namespace tocsin::nagios::testing {

struct PacketFields {
  std::uint16_t version = 3;
  std::uint32_t time = 0;
  std::int16_t code = 0;
  std::string host = "web-01";
  std::string service = "HTTP";
  std::string output = "OK";
  std::size_t bytes = nsca::kPacketBytes;
};

inline void put(std::string& bytes, std::size_t at, std::uint32_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    bytes[at + i] = static_cast<char>(value >> 8 * (size - 1 - i) & 0xFFU);
  }
}

// In the clear; behind each text come a NUL and letters, as a client leaves them.
inline std::string packet(const PacketFields& fields) {
  std::string bytes(fields.bytes, 'r');
  put(bytes, 0, fields.version, 2);
  put(bytes, 4, 0, 4);
  put(bytes, 8, fields.time, 4);
  put(bytes, 12, static_cast<std::uint16_t>(fields.code), 2);
  const auto put_text = [&bytes](std::size_t begin, std::size_t end, const std::string& text) {
    bytes.replace(begin, text.size(), text);
    if (begin + text.size() < end) bytes[begin + text.size()] = '\0';
  };
  put_text(14, 78, fields.host);
  put_text(78, 206, fields.service);
  put_text(206, fields.bytes - 2, fields.output);
  const auto crc =
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
  put(bytes, 4, static_cast<std::uint32_t>(crc), 4);
  return bytes;
}

// `clear`, packets of `packet_bytes` one behind the other, as a client would seal it.
inline std::string sealed(std::string clear, nsca::Method method, std::string password,
                          const nsca::Iv& iv, std::size_t packet_bytes) {
  if (method == nsca::Method::kXor) {
    for (std::size_t at = 0; at < clear.size(); ++at) {
      const std::size_t in_packet = at % packet_bytes;
      clear[at] = static_cast<char>(clear[at] ^ iv[in_packet % iv.size()] ^
                                    password[in_packet % password.size()]);
    }
  }
  if (method == nsca::Method::kXor || method == nsca::Method::kNone) return clear;
  password.resize(32);
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context(EVP_CIPHER_CTX_new(),
                                                                           EVP_CIPHER_CTX_free);
  const EVP_CIPHER* const cipher =
      method == nsca::Method::kAes256 ? EVP_aes_256_cfb8() : EVP_des_ede3_cfb8();
  std::string out(clear.size(), '\0');
  int size = 0;
  EVP_EncryptInit_ex(context.get(), cipher, nullptr,
                     reinterpret_cast<const unsigned char*>(password.data()),
                     reinterpret_cast<const unsigned char*>(iv.data()));
  EVP_EncryptUpdate(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                    reinterpret_cast<const unsigned char*>(clear.data()),
                    static_cast<int>(clear.size()));
  return out;
}

inline nsca::Iv iv_of_letters() {
  nsca::Iv iv;
  for (std::size_t i = 0; i < iv.size(); ++i) iv[i] = static_cast<char>(i * 37 + 11);
  return iv;
}

inline constexpr nsca::Method kMethods[] = {nsca::Method::kNone, nsca::Method::kXor,
                                            nsca::Method::kTripleDes, nsca::Method::kAes256};

}  // namespace tocsin::nagios::testing
