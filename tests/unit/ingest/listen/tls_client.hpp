// A blocking TLS client, OpenSSL's own. It trusts whatever certificate it is shown, and tells whose
// it was.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/ioctl.h>

#include <memory>
#include <string>
#include <string_view>

#include "tests/unit/ingest/listen/certificates.hpp"
#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen::testing {

struct TlsClientOptions {
  int version = TLS1_3_VERSION;  // this one only
  Certificates::Files own{};     // none: shows no certificate
};

class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, const TlsClientOptions& options = {})
      : socket_(Client::ip(SOCK_STREAM, port)),
        context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
        ssl_(nullptr, SSL_free) {
    SSL_CTX_set_min_proto_version(context_.get(), options.version);
    SSL_CTX_set_max_proto_version(context_.get(), options.version);
    // So that it is the server that refuses what is old.
    SSL_CTX_set_cipher_list(context_.get(), "ALL:@SECLEVEL=0");
    if (!options.own.key.empty()) {
      SSL_CTX_use_certificate_chain_file(context_.get(), options.own.certificate.c_str());
      SSL_CTX_use_PrivateKey_file(context_.get(), options.own.key.c_str(), SSL_FILETYPE_PEM);
    }
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket_.fd());
    ERR_clear_error();
    agreed_ = SSL_connect(ssl_.get()) == 1;
    note_refusal();
  }

  // From the client's side. A server that wants a certificate refuses later, in TLS 1.3.
  [[nodiscard]] bool agreed() const { return agreed_; }
  // What the server said: "tlsv1 alert protocol version"; empty: nothing.
  [[nodiscard]] const std::string& refusal() const { return refusal_; }
  [[nodiscard]] std::string version() const { return SSL_get_version(ssl_.get()); }
  [[nodiscard]] std::string server_name() const {
    std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(ssl_.get()),
                                                      X509_free);
    char name[256] = "";
    if (shown) {
      X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, name,
                                sizeof name);
    }
    return name;
  }

  bool send(std::string_view bytes) {
    return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) ==
           static_cast<int>(bytes.size());
  }
  // What comes until the server ends; "(broken)" is appended if it did not say that it ends.
  std::string receive_all() {
    std::string all;
    char bytes[4096];
    ERR_clear_error();
    for (;;) {
      const int received = SSL_read(ssl_.get(), bytes, sizeof bytes);
      if (received <= 0) break;
      all.append(bytes, static_cast<std::size_t>(received));
    }
    const bool orderly = (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
    note_refusal();
    return orderly ? all : all + "(broken)";
  }
  // What comes next.
  std::string receive() {
    char bytes[4096];
    const int received = SSL_read(ssl_.get(), bytes, sizeof bytes);
    if (received > 0) return {bytes, static_cast<std::size_t>(received)};
    note_refusal();
    return {};
  }
  // Sealed bytes of the server that were not received yet.
  [[nodiscard]] int unread_bytes() const {
    int bytes = -1;
    ::ioctl(socket_.fd(), FIONREAD, &bytes);
    return bytes;
  }
  // Says that nothing more is sent; may still receive.
  void end_sending() { SSL_shutdown(ssl_.get()); }
  // Ends without saying so.
  void close() { socket_.close(); }

 private:
  void note_refusal() {
    const char* reason = ERR_reason_error_string(ERR_get_error());
    refusal_ = reason != nullptr ? reason : "";
    ERR_clear_error();
  }

  Client socket_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  bool agreed_ = false;
  std::string refusal_;
};

}  // namespace tocsin::listen::testing
