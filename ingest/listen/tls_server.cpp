#include "ingest/listen/tls_server.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include "ingest/listen/tls_context.hpp"

namespace tocsin::listen {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr auto kLookInterval = std::chrono::seconds(1);

// What tells one content of a file from the next: when it was last written, and which file it is.
struct Stamp {
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;

  friend bool operator==(const Stamp&, const Stamp&) = default;
};
using Stamps = std::array<Stamp, 3>;

Stamp stamp_of(const std::string& file) {
  struct stat found {};
  if (file.empty() || ::stat(file.c_str(), &found) != 0) return {};
  return {found.st_mtim.tv_sec, found.st_mtim.tv_nsec, found.st_ino,
          static_cast<std::uint64_t>(found.st_size)};
}

Stamps stamps_of(const TlsFiles& files) {
  return {stamp_of(files.certificate), stamp_of(files.key), stamp_of(files.client_ca)};
}

// As OpenSSL packs its errors; Asio keeps them in an int.
unsigned long openssl_code(const error_code& error) noexcept {
  const bool is_openssl = error.category() == asio::error::get_ssl_category();
  return is_openssl ? static_cast<unsigned>(error.value()) : 0;
}

Error about(const std::string& file, const char* what, const error_code& error) {
  const unsigned long code = openssl_code(error);
  // What the system refused, a file that is not there say, has no text in OpenSSL.
  const std::string why = ERR_SYSTEM_ERROR(code)
                              ? std::generic_category().message(ERR_GET_REASON(code))
                              : error.message();
  return {Errc::kIo, file, std::string(what) + ": " + why};
}

Result<std::shared_ptr<TlsServer::Context>> load(const TlsFiles& files) {
  auto context = std::make_shared<TlsServer::Context>();
  ssl::context& tls = context->ssl;
  error_code error;
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
  tls.set_options(ssl::context::single_dh_use, error);
  SSL_CTX_set_options(tls.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                               SSL_OP_CIPHER_SERVER_PREFERENCE);
  // A client that only sends would leave tickets unread; when it closes, its system then resets the
  // connection and forgets what it had not sent yet.
  SSL_CTX_set_num_tickets(tls.native_handle(), 0);
  // Without this, OpenSSL would ask at the terminal.
  tls.set_password_callback(
      [](std::size_t, ssl::context::password_purpose) { return std::string(); }, error);
  tls.use_certificate_chain_file(files.certificate, error);
  if (error) return about(files.certificate, "no usable certificate", error);
  tls.use_private_key_file(files.key, ssl::context::pem, error);
  // A key of the certificate's kind is compared with it at once, one of another kind is not.
  const unsigned long code = openssl_code(error);
  const bool is_other_key =
      ERR_GET_LIB(code) == ERR_LIB_X509 && ERR_GET_REASON(code) == X509_R_KEY_VALUES_MISMATCH;
  if (error && !is_other_key) {
    return about(files.key, "no usable private key without a passphrase", error);
  }
  if (is_other_key || SSL_CTX_check_private_key(tls.native_handle()) != 1) {
    return Error{Errc::kIo, files.key, "is not the key of the certificate in " + files.certificate};
  }
  if (!files.client_ca.empty()) {
    tls.load_verify_file(files.client_ca, error);
    if (error) return about(files.client_ca, "no usable certificates", error);
    tls.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, error);
    // Sessions may only be resumed where they were verified.
    constexpr unsigned char kSessions[] = "tocsin";
    SSL_CTX_set_session_id_context(tls.native_handle(), kSessions, sizeof kSessions - 1);
  }
  return context;
}

}  // namespace

class TlsServer::Impl {
 public:
  Impl(TlsFiles files, Stamps stamps, std::shared_ptr<Context> context, OnNews on_news)
      : files_(std::move(files)),
        on_news_(std::move(on_news)),
        stamps_(stamps),
        context_(std::move(context)),
        looked_(Clock::now()) {}

  std::shared_ptr<Context> context() {
    const auto now = Clock::now();
    if (now - looked_ < kLookInterval) return context_;
    looked_ = now;
    const Stamps stamps = stamps_of(files_);
    if (stamps == stamps_) return context_;
    stamps_ = stamps;
    auto loaded = load(files_);
    if (loaded) context_ = std::move(*loaded);
    if (on_news_) on_news_(loaded ? nullptr : &loaded.error());
    return context_;
  }

 private:
  const TlsFiles files_;
  const OnNews on_news_;
  Stamps stamps_;
  std::shared_ptr<Context> context_;
  Clock::time_point looked_;
};

Result<std::shared_ptr<TlsServer>> TlsServer::open(const TlsFiles& files, OnNews on_news) {
  const Stamps stamps = stamps_of(files);  // first: a change while we read is then seen later
  auto context = load(files);
  if (!context) return context.error();
  return std::shared_ptr<TlsServer>(new TlsServer(
      std::make_unique<Impl>(files, stamps, std::move(*context), std::move(on_news))));
}

TlsServer::TlsServer(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
TlsServer::~TlsServer() = default;

std::shared_ptr<TlsServer::Context> TlsServer::context() {
  return impl_->context();
}

}  // namespace tocsin::listen
