// The Asio half of TlsServer, for the sources of this folder.
#pragma once

#include <utility>  // before Asio: Boost 1.74 forgets it in C++20

#include <boost/asio/ssl/context.hpp>

#include "ingest/listen/tls_server.hpp"

namespace tocsin::listen {

struct TlsServer::Context {
  boost::asio::ssl::context ssl{boost::asio::ssl::context::tls_server};
};

}  // namespace tocsin::listen
