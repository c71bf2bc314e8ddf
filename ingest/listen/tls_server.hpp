// TlsServer: certificate and key of a listener, read from files, and again when the files change,
// so that a renewed certificate needs no restart. TLS 1.2 and newer only.
// Threads: the loop's thread.
// Errors:  kIo with the file's name for what cannot be read or does not fit together. Files that
//          change to something unusable leave the old certificate in use; on_news says so.
// Source:  RFC 8446, RFC 5425 section 4.2; certificates as PEM.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "tocsin/result.hpp"

namespace tocsin::listen {

struct TlsFiles {
  std::string certificate;  // the chain, the server's own first; PEM
  std::string key;          // its private key, without a passphrase; PEM
  std::string client_ca;    // who signs clients' certificates; empty: clients need none
};

class TlsServer {
 public:
  // Says what became of changed files: null when they are in use.
  using OnNews = std::function<void(const Error*)>;

  [[nodiscard]] static Result<std::shared_ptr<TlsServer>> open(const TlsFiles& files,
                                                               OnNews on_news = {});
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  // For this folder only: what Asio needs, defined in tls_context.hpp.
  struct Context;
  // What the next connection uses. Looks at the files, at most once a second.
  [[nodiscard]] std::shared_ptr<Context> context();

 private:
  class Impl;
  explicit TlsServer(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::listen
