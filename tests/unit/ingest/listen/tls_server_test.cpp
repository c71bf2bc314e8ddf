#include "ingest/listen/tls_server.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/ingest/listen/certificates.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;

constexpr auto kNextLook = 1050ms;  // files are looked at once a second

Error refusal(const TlsFiles& files) {
  const auto opened = TlsServer::open(files);
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == Errc::kIo);
  return opened.error();
}

void copy_over(const std::string& from, const std::string& to) {
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
}

TEST_CASE("a certificate with its key, and clients' authorities, are taken from PEM files") {
  const Certificates certificates;
  for (const auto& own : {certificates.make("ec"), certificates.make_rsa("rsa")}) {
    const auto plain = TlsServer::open({own.certificate, own.key, ""});
    REQUIRE_MESSAGE(plain.has_value(), (plain ? "" : plain.error().message()));
    CHECK((*plain)->context() != nullptr);
    CHECK(TlsServer::open({own.certificate, own.key, own.certificate}).has_value());
  }
}

TEST_CASE("what cannot be used is an error that names the file") {
  const Certificates certificates;
  const auto own = certificates.make("own");
  const auto other = certificates.make("other");
  const auto rsa = certificates.make_rsa("rsa");
  const std::string none = certificates.file("none");
  const std::string empty = certificates.file("empty");
  std::ofstream(empty) << "no PEM\n";

  const Error missing = refusal({none, own.key, ""});
  CHECK(missing.where == none);
  CHECK(missing.text == "no usable certificate: No such file or directory");
  const Error unreadable = refusal({empty, own.key, ""});
  CHECK(unreadable.where == empty);
  CHECK(unreadable.text.starts_with("no usable certificate: no start line"));
  CHECK(refusal({own.certificate, none, ""}).message() ==
        none + ": no usable private key without a passphrase: No such file or directory");
  CHECK(refusal({own.certificate, empty, ""}).where == empty);
  CHECK(refusal({own.certificate, own.key, none}).message() ==
        none + ": no usable certificates: No such file or directory");
  CHECK(refusal({own.certificate, own.key, empty}).where == empty);
  // Of the same kind, and of another: the library notices at different times.
  for (const std::string& key : {other.key, rsa.key}) {
    CHECK(refusal({own.certificate, key, ""}).message() ==
          key + ": is not the key of the certificate in " + own.certificate);
  }
}

TEST_CASE("a key with a passphrase is refused, and nobody is asked for it") {
  const Certificates certificates;
  const auto own = certificates.make("own");
  const std::string locked = certificates.file("locked.key");
  const std::string command =
      "openssl ec -in " + own.key + " -aes128 -passout pass:secret -out " + locked + " 2>/dev/null";
  REQUIRE(std::system(command.c_str()) == 0);  // NOLINT(concurrency-mt-unsafe)
  CHECK(refusal({own.certificate, locked, ""}).where == locked);
}

TEST_CASE("files that change are used at the next look, and that is told") {
  const Certificates certificates;
  const auto own = certificates.make("own");
  std::vector<std::string> news;
  const auto server = TlsServer::open({own.certificate, own.key, ""}, [&](const Error* error) {
    news.push_back(error == nullptr ? "in use" : error->message());
  });
  REQUIRE(server.has_value());
  const auto first = (*server)->context();
  CHECK((*server)->context() == first);

  const auto renewed = certificates.make("renewed");
  copy_over(renewed.certificate, own.certificate);
  copy_over(renewed.key, own.key);
  CHECK((*server)->context() == first);  // looked a moment ago
  std::this_thread::sleep_for(kNextLook);
  const auto second = (*server)->context();
  CHECK(second != first);
  CHECK(news == std::vector<std::string>{"in use"});
  std::this_thread::sleep_for(kNextLook);
  CHECK((*server)->context() == second);
  CHECK(news.size() == 1);
}

TEST_CASE("a change that cannot be used keeps the old certificate and is told once") {
  const Certificates certificates;
  const auto own = certificates.make("own");
  std::vector<std::string> news;
  const auto server = TlsServer::open({own.certificate, own.key, ""}, [&](const Error* error) {
    news.push_back(error == nullptr ? "in use" : error->message());
  });
  REQUIRE(server.has_value());
  const auto first = (*server)->context();

  // Half of a renewal: the key comes later.
  const auto renewed = certificates.make("renewed");
  copy_over(renewed.certificate, own.certificate);
  std::this_thread::sleep_for(kNextLook);
  CHECK((*server)->context() == first);
  std::this_thread::sleep_for(kNextLook);
  CHECK((*server)->context() == first);
  const std::string why = own.key + ": is not the key of the certificate in " + own.certificate;
  CHECK(news == std::vector<std::string>{why});

  copy_over(renewed.key, own.key);
  std::this_thread::sleep_for(kNextLook);
  CHECK((*server)->context() != first);
  CHECK(news == std::vector<std::string>{why, "in use"});

  std::filesystem::remove(own.certificate);
  std::this_thread::sleep_for(kNextLook);
  CHECK((*server)->context() != nullptr);
  REQUIRE(news.size() == 3);
  CHECK(news[2] == own.certificate + ": no usable certificate: No such file or directory");
}

}  // namespace
}  // namespace tocsin::listen
