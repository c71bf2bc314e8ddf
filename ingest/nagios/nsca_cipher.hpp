// The ciphers of NSCA, the side that decrypts. All of them are weak by the standards of today: no
// packet is authenticated but by a CRC inside, and the key is the bare password. Use them on
// trusted networks only, or inside TLS.
//   0   none
//   1   XOR with the greeting's 128 bytes, then with the password; begins anew with every packet
//   3   3DES, three keys     } 8-bit CFB, key the password cut or filled with zeros, IV the front of
//   14  Rijndael-128 (AES)   } the greeting; the state runs on over the packets of a connection
// Cost:    of a packet, about 50 us with method 14, and 2 ms with method 3, whose cipher is slow.
// Threads: a Key is immutable and shared; a Cipher is one connection's.
// Source:  NSCA 2.10 and captures of its send_nsca, which used libmcrypt.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/nagios/nsca_packet.hpp"
#include "tocsin/result.hpp"

namespace tocsin::nagios::nsca {

enum class Method : unsigned char { kNone = 0, kXor = 1, kTripleDes = 3, kAes256 = 14 };

// By NSCA's number (decryption_method); empty: none that is offered here.
[[nodiscard]] std::optional<Method> find_method(int number) noexcept;

using Iv = std::array<char, kIvBytes>;

class Key {
 public:
  // Errors: kUnsupported when the system's OpenSSL does not offer the cipher; kRange for an empty
  // password where one is needed.
  [[nodiscard]] static Result<std::shared_ptr<const Key>> make(Method method, std::string password);
  ~Key();
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;

  [[nodiscard]] Method method() const noexcept { return method_; }

 private:
  friend class Cipher;
  struct Algorithm;  // OpenSSL's

  Key(Method method, std::string password);

  Method method_;
  std::string password_;
  std::array<unsigned char, 32> padded_{};
  std::unique_ptr<Algorithm> algorithm_;
};

class Cipher {
 public:
  // `key` is not null. Throws std::bad_alloc only.
  Cipher(std::shared_ptr<const Key> key, const Iv& iv);
  ~Cipher();
  Cipher(const Cipher&) = delete;
  Cipher& operator=(const Cipher&) = delete;

  // Writes what `sealed` says to `clear`, which has as much room. `sealed` begins at the
  // front of a packet; calling again for the same or a longer piece of it changes nothing.
  void decrypt(std::string_view sealed, char* clear);

  // That packet is done with. `tail`: its last sealed bytes, kMostBlockBytes or more.
  void advance(std::string_view tail) noexcept;

  static constexpr std::size_t kMostBlockBytes = 16;

 private:
  struct Context;  // OpenSSL's

  void decrypt_blocks(std::string_view sealed, char* clear);

  const std::shared_ptr<const Key> key_;
  const Iv iv_;
  std::array<char, kMostBlockBytes> window_{};  // a block: what was sealed before this packet
  std::unique_ptr<Context> context_;
};

}  // namespace tocsin::nagios::nsca
