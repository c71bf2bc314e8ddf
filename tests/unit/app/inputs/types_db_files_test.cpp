#include "src/app/inputs/types_db_files.hpp"

#include <fstream>

#include "tests/unit/app/inputs/specs.hpp"
#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::app {
namespace {

TEST_CASE("of equal types the later file's counts, and a fault in a file has its own place") {
  const listen::testing::TemporaryDirectory directory;
  std::ofstream(directory.file("a")) << "x value:GAUGE:0:1\ny value:GAUGE:0:1\n";
  std::ofstream(directory.file("b")) << "x value:COUNTER:0:1\n";
  const auto types = read_types_db({directory.file("a"), directory.file("b")}, "s", {});
  REQUIRE(types);
  CHECK((*types)->size() == 2);
  CHECK((*types)->find("x")->at(0).type == collectd::DsType::kCounter);

  std::ofstream(directory.file("c")) << "x value:GAUGE:0:1\ny\n";
  const auto broken = read_types_db({directory.file("c")}, "s", {});
  REQUIRE_FALSE(broken);
  CHECK(broken.error().where == directory.file("c") + ":2:1");
}

}  // namespace
}  // namespace tocsin::app
