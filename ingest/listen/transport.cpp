#include "ingest/listen/transport.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <utility>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "ingest/listen/tls_context.hpp"

namespace tocsin::listen {
namespace {

using Socket = asio::generic::stream_protocol::socket;

void adopt(Socket& socket, base::UniqueFd fd) {
  error_code error;
  socket.assign(asio::generic::stream_protocol(AF_UNSPEC, 0), fd.get(), error);
  if (!error) (void)fd.release();
}

// Reads until the end.
void forget_rest(Socket& socket, asio::mutable_buffer scratch, Transport::OnEnd done) {
  socket.async_read_some(
      scratch, [&socket, scratch, done = std::move(done)](error_code error, std::size_t) mutable {
        if (error) return done();
        forget_rest(socket, scratch, std::move(done));
      });
}

void linger_on(Socket& socket, asio::mutable_buffer scratch, Transport::OnEnd done) {
  error_code ignored;
  socket.shutdown(asio::socket_base::shutdown_send, ignored);
  forget_rest(socket, scratch, std::move(done));
}

class PlainTransport final : public Transport {
 public:
  PlainTransport(asio::io_context& io, base::UniqueFd fd) : socket_(io) {
    adopt(socket_, std::move(fd));
  }

  [[nodiscard]] bool is_open() const override { return socket_.is_open(); }
  void handshake(OnDone done) override { done({}); }
  void read_some(asio::mutable_buffer into, OnBytes done) override {
    socket_.async_read_some(into, std::move(done));
  }
  void write(asio::const_buffer bytes, OnBytes done) override {
    asio::async_write(socket_, bytes, std::move(done));
  }
  void end_reading() override {
    error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_receive, ignored);
  }
  void linger(asio::mutable_buffer scratch, OnEnd done) override {
    linger_on(socket_, scratch, std::move(done));
  }
  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  Socket socket_;
};

// The first DNS name of the certificate, else its common name.
std::string name_in(X509* certificate) {
  std::string name;
  auto* names = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names) && name.empty(); ++i) {
    const GENERAL_NAME* entry = sk_GENERAL_NAME_value(names, i);
    if (entry->type != GEN_DNS) continue;
    const ASN1_STRING* text = entry->d.dNSName;
    name.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                static_cast<std::size_t>(ASN1_STRING_length(text)));
  }
  GENERAL_NAMES_free(names);
  if (!name.empty()) return name;
  X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return name;
  unsigned char* utf8 = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  if (size > 0) name.assign(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return name;
}

class TlsTransport final : public Transport {
 public:
  TlsTransport(asio::io_context& io, base::UniqueFd fd, std::shared_ptr<TlsServer::Context> context)
      : context_(std::move(context)), stream_(io, context_->ssl) {
    adopt(stream_.next_layer(), std::move(fd));
  }

  [[nodiscard]] bool is_open() const override { return stream_.next_layer().is_open(); }
  void handshake(OnDone done) override {
    stream_.async_handshake(asio::ssl::stream_base::server, std::move(done));
  }
  void read_some(asio::mutable_buffer into, OnBytes done) override {
    stream_.async_read_some(into, std::move(done));
  }
  void write(asio::const_buffer bytes, OnBytes done) override {
    asio::async_write(stream_, bytes, std::move(done));
  }
  void end_reading() override {
    error_code ignored;
    stream_.next_layer().shutdown(asio::socket_base::shutdown_receive, ignored);
  }
  void linger(asio::mutable_buffer scratch, OnEnd done) override {
    // Our close_notify, without which a client could not know whether that was all.
    stream_.async_shutdown([this, scratch, done = std::move(done)](error_code) mutable {
      linger_on(stream_.next_layer(), scratch, std::move(done));
    });
  }
  void close() override {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }
  [[nodiscard]] std::string user() const override {
    // Of a client that was not asked for its certificate, none was verified.
    auto& stream = const_cast<Stream&>(stream_);
    X509* certificate = SSL_get1_peer_certificate(stream.native_handle());
    if (certificate == nullptr) return {};
    std::string name = name_in(certificate);
    X509_free(certificate);
    return name;
  }

 private:
  using Stream = asio::ssl::stream<Socket>;

  const std::shared_ptr<TlsServer::Context> context_;  // outlives its streams
  Stream stream_;
};

}  // namespace

std::unique_ptr<Transport> make_transport(asio::io_context& io, base::UniqueFd fd,
                                          std::shared_ptr<TlsServer::Context> tls) {
  if (tls == nullptr) return std::make_unique<PlainTransport>(io, std::move(fd));
  return std::make_unique<TlsTransport>(io, std::move(fd), std::move(tls));
}

}  // namespace tocsin::listen
