// Our verdicts against the reference's, on the subset kept here and, where it is at hand, on the
// whole fixture.
#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <string>

#include "src/detect/adf.hpp"
#include "src/detect/ensemble.hpp"
#include "src/detect/skyline.hpp"
#include "tests/unit/detect/parity_cases.hpp"

namespace tocsin::detect {
namespace {

const std::string kSubset = TOCSIN_TEST_DATA "/skyline/parity_subset.jsonl.gz";
const std::string kWhole = TOCSIN_SHARED_FIXTURES "/skyline_parity.jsonl.gz";

struct Agreement {
  int agree = 0;
  int borderline = 0;  // disagreements on the last bits
};

void check_case(const test::ParityCase& parity, const Ensemble& ensemble, Scratch& scratch,
                std::map<std::string, Agreement>& agreement) {
  INFO("series ", parity.name);
  const Verdict verdict = ensemble.judge(parity.window(), scratch);
  for (std::size_t i = 0; i < verdict.size; ++i) {
    const std::string name(ensemble.detectors()[i].name);
    INFO("detector ", name);
    const bool agree = verdict.votes[i].fired == parity.verdicts.at(name);
    const bool borderline = parity.borderline.contains(name);
    const bool equal_or_borderline = agree || borderline;
    CHECK(equal_or_borderline);
    agreement[name].agree += agree;
    agreement[name].borderline += !agree && borderline;
    if (name == "median_absolute_deviation") {
      CHECK(verdict.votes[i].abstained == parity.mad_abstains);
    }
  }
  CHECK(to_string(verdict.skip) == parity.skip);
  // One borderline vote may shift the counts; without any they are exact.
  if (parity.borderline.empty()) {
    CHECK(verdict.votes_true == parity.votes_true);
    CHECK(verdict.votes_false == parity.votes_false);
    CHECK(verdict.anomalous == parity.anomalous);
    CHECK(verdict.anomalous_as_run == parity.anomalous_as_run);
  }
}

void check_all(const std::vector<test::ParityCase>& cases) {
  const Ensemble ensemble;
  Scratch scratch;
  std::map<std::string, Agreement> agreement;
  for (const test::ParityCase& parity : cases) check_case(parity, ensemble, scratch, agreement);
  for (const auto& [name, counts] : agreement) {
    MESSAGE(name << ": " << counts.agree << " of " << cases.size() << " agree, "
                 << counts.borderline << " differ on a borderline case");
  }
}

TEST_CASE("verdicts equal the reference on the subset kept in the repository") {
  const std::vector<test::ParityCase> cases = test::read_parity_cases(kSubset);
  REQUIRE(cases.size() == 62);
  check_all(cases);
}

TEST_CASE("verdicts equal the reference on the whole fixture") {
  const std::vector<test::ParityCase> cases = test::read_parity_cases(kWhole);
  if (cases.empty()) {
    MESSAGE("the whole fixture is not here: only the subset was compared");
    return;
  }
  REQUIRE(cases.size() == 464);
  check_all(cases);
}

TEST_CASE("Kolmogorov-Smirnov distances equal the reference's") {
  Scratch scratch;
  int compared = 0;
  for (const test::ParityCase& parity : test::read_parity_cases(kSubset)) {
    if (std::isnan(parity.ks_distance)) continue;
    INFO("series ", parity.name);
    CHECK(ks_test(parity.window(), scratch).statistic ==
          doctest::Approx(parity.ks_distance).epsilon(1e-12));
    ++compared;
  }
  CHECK(compared >= 20);
}

std::vector<double> reference_of(const test::ParityCase& parity) {
  std::vector<double> reference;
  for (std::size_t i = 0; i < parity.values.size(); ++i) {
    const double age_s = parity.now_s - parity.times_s[i];
    if (age_s > 600 && age_s <= 3600) reference.push_back(parity.values[i]);
  }
  return reference;
}

TEST_CASE("Dickey-Fuller taus equal the reference's") {
  Scratch scratch;
  int compared = 0;
  int equal = 0;
  const std::vector<test::ParityCase> whole = test::read_parity_cases(kWhole);
  for (const test::ParityCase& parity : whole.empty() ? test::read_parity_cases(kSubset) : whole) {
    // An exact fit divides rounding noise by rounding noise: there is no tau to agree on.
    if (std::isnan(parity.adf_tau) || std::abs(parity.adf_tau) > 1e6) continue;
    INFO("series ", parity.name);
    const double tau = dickey_fuller_tau(reference_of(parity), scratch, 0);
    ++compared;
    const bool close = std::abs(tau - parity.adf_tau) <= 1e-6 * std::abs(parity.adf_tau);
    equal += close;
    if (!close) MESSAGE(parity.name << ": tau " << tau << ", reference " << parity.adf_tau);
    CHECK((tau < kStationaryTau) == (parity.adf_tau < kStationaryTau));
  }
  MESSAGE("taus equal to 1e-6: " << equal << " of " << compared);
  CHECK(compared >= 20);
  CHECK(equal == compared);
}

}  // namespace
}  // namespace tocsin::detect
