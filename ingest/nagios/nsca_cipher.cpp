#include "ingest/nagios/nsca_cipher.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace tocsin::nagios::nsca {
namespace {

struct Named {
  Method method;
  const char* openssl;  // null: done by hand
};
constexpr std::array<Named, 4> kMethods = {{{Method::kNone, nullptr},
                                            {Method::kXor, nullptr},
                                            {Method::kTripleDes, "DES-EDE3-ECB"},
                                            {Method::kAes256, "AES-256-ECB"}}};

void exclusive_or(std::string_view with, char* bytes, std::size_t size) noexcept {
  if (with.empty()) return;
  for (std::size_t at = 0, turn = 0; at < size; ++at) {
    bytes[at] = static_cast<char>(bytes[at] ^ with[turn]);
    turn = turn + 1 == with.size() ? 0 : turn + 1;
  }
}

}  // namespace

std::optional<Method> find_method(int number) noexcept {
  for (const Named& named : kMethods) {
    if (static_cast<int>(named.method) == number) return named.method;
  }
  return std::nullopt;
}

struct Key::Algorithm {
  struct Free {
    void operator()(EVP_CIPHER* held) const noexcept { EVP_CIPHER_free(held); }
  };
  std::unique_ptr<EVP_CIPHER, Free> cipher;
  std::size_t block_bytes = 0;
};

Key::Key(Method method, std::string password) : method_(method), password_(std::move(password)) {
  std::copy_n(password_.data(), std::min(password_.size(), padded_.size()), padded_.data());
}
Key::~Key() = default;

Result<std::shared_ptr<const Key>> Key::make(Method method, std::string password) {
  const auto named = std::find_if(kMethods.begin(), kMethods.end(),
                                  [&](const Named& each) { return each.method == method; });
  if (method != Method::kNone && password.empty()) {
    return Error{Errc::kRange, "", "an empty password; NSCA's methods other than 0 need one"};
  }
  std::shared_ptr<Key> key(new Key(method, std::move(password)));
  if (named->openssl != nullptr) {
    auto algorithm = std::make_unique<Algorithm>();
    algorithm->cipher.reset(EVP_CIPHER_fetch(nullptr, named->openssl, nullptr));
    if (!algorithm->cipher) {
      return Error{Errc::kUnsupported, "",
                   std::string("the system's OpenSSL does not offer ") + named->openssl};
    }
    algorithm->block_bytes =
        static_cast<std::size_t>(EVP_CIPHER_get_block_size(algorithm->cipher.get()));
    key->algorithm_ = std::move(algorithm);
  }
  return std::shared_ptr<const Key>(std::move(key));
}

struct Cipher::Context {
  struct Free {
    void operator()(EVP_CIPHER_CTX* held) const noexcept { EVP_CIPHER_CTX_free(held); }
  };
  std::unique_ptr<EVP_CIPHER_CTX, Free> evp{EVP_CIPHER_CTX_new()};
};

Cipher::Cipher(std::shared_ptr<const Key> key, const Iv& iv) : key_(std::move(key)), iv_(iv) {
  std::copy_n(iv_.begin(), window_.size(), window_.begin());
  if (key_->algorithm_ == nullptr) return;
  context_ = std::make_unique<Context>();
  if (!context_->evp || EVP_EncryptInit_ex2(context_->evp.get(), key_->algorithm_->cipher.get(),
                                            key_->padded_.data(), nullptr, nullptr) != 1) {
    throw std::bad_alloc();
  }
}
Cipher::~Cipher() = default;

void Cipher::decrypt(std::string_view sealed, char* clear) {
  if (context_ != nullptr) return decrypt_blocks(sealed, clear);
  std::copy(sealed.begin(), sealed.end(), clear);
  if (key_->method_ == Method::kXor) {
    exclusive_or({iv_.data(), iv_.size()}, clear, sealed.size());
    exclusive_or(key_->password_, clear, sealed.size());
  }
}

// 8-bit CFB: a byte is sealed by XOR with the first byte of the encrypted block of sealed bytes in
// front of it. For decryption all of these blocks are known, and so many are encrypted in one call,
// which keeps the processor's AES unit busy: a packet costs a third of what it does byte by byte.
// For the same reason the last sealed block is all the state there is, and a packet may be begun as
// often as one likes.
void Cipher::decrypt_blocks(std::string_view sealed, char* clear) {
  constexpr std::size_t kPiece = 256;
  const std::size_t block = key_->algorithm_->block_bytes;
  EVP_CIPHER_CTX* const evp = context_->evp.get();
  std::array<char, kMostBlockBytes + kPiece> before;  // the block in front of the piece, the piece
  std::array<unsigned char, kMostBlockBytes * kPiece> blocks;
  for (std::size_t at = 0; at < sealed.size(); at += kPiece) {
    const std::string_view piece = sealed.substr(at, kPiece);
    std::memcpy(before.data(), at == 0 ? window_.data() : piece.data() - block, block);
    std::memcpy(before.data() + block, piece.data(), piece.size());
    for (std::size_t i = 0; i < piece.size(); ++i) {
      std::memcpy(blocks.data() + i * block, before.data() + i, block);
    }
    int size = 0;
    if (EVP_EncryptUpdate(evp, blocks.data(), &size, blocks.data(),
                          static_cast<int>(piece.size() * block)) != 1) {
      // Not to be expected of whole blocks; zeros are no packet, and so the caller refuses them.
      std::memset(clear, 0, sealed.size());
      return;
    }
    for (std::size_t i = 0; i < piece.size(); ++i) {
      clear[at + i] = static_cast<char>(piece[i] ^ blocks[i * block]);
    }
  }
}

void Cipher::advance(std::string_view tail) noexcept {
  if (context_ == nullptr) return;
  const std::size_t block = key_->algorithm_->block_bytes;
  std::copy_n(tail.end() - static_cast<std::ptrdiff_t>(block), block, window_.begin());
}

}  // namespace tocsin::nagios::nsca
