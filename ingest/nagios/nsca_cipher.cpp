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
                                            {Method::kTripleDes, "DES-EDE3-CFB8"},
                                            {Method::kAes256, "AES-256-CFB8"}}};

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
        static_cast<std::size_t>(EVP_CIPHER_get_iv_length(algorithm->cipher.get()));
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
  if (!context_->evp) throw std::bad_alloc();
}
Cipher::~Cipher() = default;

// In 8-bit CFB the state is the last block of sealed bytes, so that a packet may be begun as often
// as one likes.
void Cipher::decrypt(std::string_view sealed, char* clear) {
  if (context_ == nullptr) {
    std::copy(sealed.begin(), sealed.end(), clear);
    if (key_->method_ == Method::kXor) {
      exclusive_or({iv_.data(), iv_.size()}, clear, sealed.size());
      exclusive_or(key_->password_, clear, sealed.size());
    }
    return;
  }
  int size = 0;
  EVP_CIPHER_CTX* const evp = context_->evp.get();
  const bool good =
      EVP_DecryptInit_ex2(evp, key_->algorithm_->cipher.get(), key_->padded_.data(),
                          reinterpret_cast<const unsigned char*>(window_.data()), nullptr) == 1 &&
      EVP_DecryptUpdate(evp, reinterpret_cast<unsigned char*>(clear), &size,
                        reinterpret_cast<const unsigned char*>(sealed.data()),
                        static_cast<int>(sealed.size())) == 1;
  // Only a lack of memory fails here; zeros are no packet, and so the caller refuses them.
  if (!good) std::memset(clear, 0, sealed.size());
}

void Cipher::advance(std::string_view tail) noexcept {
  if (context_ == nullptr) return;
  const std::size_t block = key_->algorithm_->block_bytes;
  std::copy_n(tail.end() - static_cast<std::ptrdiff_t>(block), block, window_.begin());
}

}  // namespace tocsin::nagios::nsca
