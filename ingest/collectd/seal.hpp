// Signature and encryption of the binary protocol.
// A signature is HMAC-SHA-256 under the password. Encryption is AES-256 in OFB mode under the
// SHA-256 of the password, over a SHA-1 of the payload and the payload itself.
// Trap:    OFB is malleable and SHA-1 without a key is only a checksum: whoever knows a payload can
//          change it unseen. Encryption hides; it is the signature that proves. That is how the
//          protocol is; both are offered because real daemons send both.
// Threads: one per decoder.
// Errors:  false or empty when the bytes are not what the user sent. Sums are compared in constant
//          time.
// Source:  collectd 5.12, "Binary protocol", sections "Signature" and "Encryption".
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/collectd/auth_file.hpp"

namespace tocsin::collectd {

inline constexpr std::size_t kSignatureBytes = 32;
inline constexpr std::size_t kIvBytes = 16;
inline constexpr std::size_t kChecksumBytes = 20;

[[nodiscard]] std::array<unsigned char, 32> encryption_key(std::string_view password);

class Seal {
 public:
  Seal();
  ~Seal();
  Seal(const Seal&) = delete;
  Seal& operator=(const Seal&) = delete;

  // Whether `signature` (kSignatureBytes) is the user's of `bytes`.
  [[nodiscard]] bool is_signed(const User& user, std::string_view signature,
                               std::string_view bytes);

  // Decrypts checksum and payload, at least kChecksumBytes. Returns the payload; it is valid until
  // the next call.
  [[nodiscard]] std::optional<std::string_view> open(const User& user, std::string_view iv,
                                                     std::string_view sealed);

 private:
  struct Contexts;  // OpenSSL's

  std::unique_ptr<Contexts> contexts_;
  std::string clear_;
};

}  // namespace tocsin::collectd
