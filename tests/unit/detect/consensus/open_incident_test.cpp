#include "src/detect/consensus/open_incident.hpp"

#include <doctest/doctest.h>

namespace tocsin::detect::consensus {
namespace {

TEST_CASE("an incident opens once, and again after 72 quiet points") {
  OpenIncident incident;
  CHECK_FALSE(incident.update(false));
  CHECK(incident.update(true));
  CHECK(incident.open());
  CHECK_FALSE(incident.update(true));
  for (int i = 0; i < 71; ++i) CHECK_FALSE(incident.update(false));
  CHECK(incident.open());
  CHECK_FALSE(incident.update(false));
  CHECK_FALSE(incident.open());
  CHECK(incident.update(true));
}

TEST_CASE("a point that fires while it is open keeps it open for another 72") {
  OpenIncident incident;
  incident.update(true);
  for (int i = 0; i < 71; ++i) incident.update(false);
  CHECK_FALSE(incident.update(true));
  for (int i = 0; i < 71; ++i) incident.update(false);
  CHECK(incident.open());
}

}  // namespace
}  // namespace tocsin::detect::consensus
