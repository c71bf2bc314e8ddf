#include "ingest/collectd/seal.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cassert>
#include <new>

namespace tocsin::collectd {
namespace {

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::array<unsigned char, 32> encryption_key(std::string_view password) {
  std::array<unsigned char, 32> key{};
  if (EVP_Digest(password.data(), password.size(), key.data(), nullptr, EVP_sha256(), nullptr) !=
      1) {
    throw std::bad_alloc();  // the only way in which a built-in digest fails
  }
  return key;
}

struct Seal::Contexts {
  struct Free {
    void operator()(EVP_MAC* held) const noexcept { EVP_MAC_free(held); }
    void operator()(EVP_MAC_CTX* held) const noexcept { EVP_MAC_CTX_free(held); }
    void operator()(EVP_CIPHER_CTX* held) const noexcept { EVP_CIPHER_CTX_free(held); }
    void operator()(EVP_CIPHER* held) const noexcept { EVP_CIPHER_free(held); }
  };

  std::unique_ptr<EVP_MAC, Free> mac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
  std::unique_ptr<EVP_MAC_CTX, Free> mac_context{mac ? EVP_MAC_CTX_new(mac.get()) : nullptr};
  std::unique_ptr<EVP_CIPHER, Free> cipher{EVP_CIPHER_fetch(nullptr, "AES-256-OFB", nullptr)};
  std::unique_ptr<EVP_CIPHER_CTX, Free> cipher_context{EVP_CIPHER_CTX_new()};
};

Seal::Seal() : contexts_(std::make_unique<Contexts>()) {
  if (!contexts_->mac_context || !contexts_->cipher || !contexts_->cipher_context) {
    throw std::bad_alloc();
  }
}
Seal::~Seal() = default;

bool Seal::is_signed(const User& user, std::string_view signature, std::string_view bytes) {
  assert(signature.size() == kSignatureBytes);
  std::array<unsigned char, kSignatureBytes> expected{};
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, sizeof digest - 1),
      OSSL_PARAM_construct_end()};
  EVP_MAC_CTX* const context = contexts_->mac_context.get();
  std::size_t size = 0;
  if (EVP_MAC_init(context, bytes_of(user.password), user.password.size(), params) != 1 ||
      EVP_MAC_update(context, bytes_of(bytes), bytes.size()) != 1 ||
      EVP_MAC_final(context, expected.data(), &size, expected.size()) != 1) {
    return false;
  }
  return CRYPTO_memcmp(expected.data(), signature.data(), expected.size()) == 0;
}

std::optional<std::string_view> Seal::open(const User& user, std::string_view iv,
                                           std::string_view sealed) {
  assert(iv.size() == kIvBytes && sealed.size() >= kChecksumBytes);
  clear_.resize(sealed.size());
  auto* const clear = reinterpret_cast<unsigned char*>(clear_.data());
  EVP_CIPHER_CTX* const context = contexts_->cipher_context.get();
  int size = 0;
  if (EVP_DecryptInit_ex2(context, contexts_->cipher.get(), user.key.data(), bytes_of(iv),
                          nullptr) != 1 ||
      EVP_DecryptUpdate(context, clear, &size, bytes_of(sealed), static_cast<int>(sealed.size())) !=
          1) {
    return std::nullopt;
  }
  const std::string_view payload = std::string_view(clear_).substr(kChecksumBytes);
  std::array<unsigned char, kChecksumBytes> checksum{};
  if (EVP_Digest(payload.data(), payload.size(), checksum.data(), nullptr, EVP_sha1(), nullptr) !=
      1) {
    return std::nullopt;
  }
  if (CRYPTO_memcmp(checksum.data(), clear, checksum.size()) != 0) return std::nullopt;
  return payload;
}

}  // namespace tocsin::collectd
