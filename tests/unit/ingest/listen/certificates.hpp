// Certificates as an operator makes them, with the openssl program, in a directory that goes away.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen::testing {

class Certificates {
 public:
  struct Files {
    std::string certificate;
    std::string key;
  };

  // A self-signed one, which may sign others. `name` is its common name and that of its files.
  Files make(const std::string& name, const std::string& more = "") const {
    return run(name, "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 " + more);
  }
  Files make_rsa(const std::string& name) const { return run(name, "-newkey rsa:2048"); }
  Files make_signed(const std::string& name, const Files& by, const std::string& more = "") const {
    return make(name, "-CA " + by.certificate + " -CAkey " + by.key + " " + more);
  }

  // The path of a file that may not be there.
  [[nodiscard]] std::string file(const std::string& name) const { return directory_.file(name); }

 private:
  [[nodiscard]] Files run(const std::string& name, const std::string& how) const {
    Files files{file(name + ".crt"), file(name + ".key")};
    const std::string command = "openssl req -x509 -nodes -days 2 -subj /CN=" + name + " -keyout " +
                                files.key + " -out " + files.certificate + " " + how +
                                " 2>/dev/null";
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the arguments are the tests' own
    REQUIRE_MESSAGE(std::system(command.c_str()) == 0, command);
    return files;
  }

  TemporaryDirectory directory_;
};

}  // namespace tocsin::listen::testing
