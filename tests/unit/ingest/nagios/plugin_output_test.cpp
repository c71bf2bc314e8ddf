#include "ingest/nagios/plugin_output.hpp"

#include <doctest/doctest.h>

namespace tocsin::nagios {
namespace {

TEST_CASE("text, long text and both parts of the perfdata are told apart") {
  const PluginOutput output = split_output(
      "DISK OK - free: 3326 MB | /=2643MB;5948;5958;0;5968\n"
      "/ 15272 MB (77%);\n"
      "/boot 68 MB (69%); | /boot=68MB;88;93;0;98\n"
      "/home=69357MB;253404;253409;0;253414\n");
  CHECK(output.text == "DISK OK - free: 3326 MB");
  CHECK(output.long_text == "/ 15272 MB (77%);\n/boot 68 MB (69%);");
  CHECK(output.perfdata[0] == "/=2643MB;5948;5958;0;5968");
  CHECK(output.perfdata[1] == "/boot=68MB;88;93;0;98\n/home=69357MB;253404;253409;0;253414");
}

TEST_CASE("every part may be missing") {
  CHECK(split_output("").text.empty());
  CHECK(split_output("OK").text == "OK");
  CHECK(split_output("OK\r\n").text == "OK");
  CHECK(split_output("|a=1").text.empty());
  CHECK(split_output("|a=1").perfdata[0] == "a=1");
  CHECK(split_output("OK|").perfdata[0].empty());
  CHECK(split_output("OK|a=1|b=2").perfdata[0] == "a=1|b=2");
  CHECK(split_output("OK\n\n\nmore\n").long_text == "more");
  CHECK(split_output("OK\n|b=2").perfdata[1] == "b=2");
}

TEST_CASE("exit codes have state words, others what the caller says") {
  CHECK(service_state(0, "x") == state::kOk);
  CHECK(service_state(1, "x") == state::kWarning);
  CHECK(service_state(2, "x") == state::kCritical);
  CHECK(service_state(3, "x") == state::kUnknown);
  CHECK(service_state(4, "x") == "x");
  CHECK(service_state(-1, "x") == "x");
  CHECK(service_state(127, "x") == "x");
}

TEST_CASE("a host is up, or down, or not to be reached") {
  CHECK(host_state(0, "x") == state::kOk);
  CHECK(host_state(1, "x") == state::kCritical);
  CHECK(host_state(2, "x") == state::kCritical);
  CHECK(host_state(3, "x") == state::kUnknown);
  CHECK(host_state(4, "x") == "x");
}

}  // namespace
}  // namespace tocsin::nagios
