#include "src/detect/deep/resonance_memory.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "src/detect/memory/state_io.hpp"

namespace tocsin::detect {
namespace {

double wave(int step) {
  return 100 + 40 * std::sin(step * 6.2831853 / 24);
}

ResonanceMemory taught(int steps) {
  std::vector<double> warm_up;
  for (int i = 0; i < 60; ++i) warm_up.push_back(wave(i));
  ResonanceMemory memory;
  memory.start(warm_up, 0.5, WarmUp::kGuarded);
  for (int i = 60; i < steps; ++i) (void)memory.add(wave(i));
  return memory;
}

TEST_CASE("what always comes again does not ring") {
  ResonanceMemory memory = taught(200);
  for (int i = 200; i < 2000; ++i) CHECK_FALSE(memory.add(wave(i)));
}

TEST_CASE("a course never seen rings, and says what it was nearest to") {
  ResonanceMemory memory = taught(480);
  CHECK(memory.add(wave(480) + 60));
  const Novelty& novelty = memory.novelty();
  CHECK(novelty.similarity < novelty.needed);
  CHECK(novelty.nearest_uses > 0);
  CHECK(novelty.steps_ago == 0);
  CHECK(novelty.value == doctest::Approx(wave(480) + 60).epsilon(0.02));
  CHECK(novelty.known_high < novelty.value);
  CHECK(novelty.known_low <= novelty.known_high);
  CHECK(novelty.expected_low == novelty.known_low);
}

TEST_CASE("a value outside the range is novel, and what was known stays known") {
  ResonanceMemory memory = taught(480);
  CHECK(memory.add(1000));
  for (int i = 481; i < 520; ++i) (void)memory.add(wave(i));
  for (int i = 520; i < 700; ++i) CHECK_FALSE(memory.add(wave(i)));
}

TEST_CASE("nothing is said across a gap") {
  ResonanceMemory memory = taught(480);
  memory.restart_course();
  for (int i = 0; i < 7; ++i) CHECK_FALSE(memory.add(wave(480 + i) + 60));
}

TEST_CASE("a flat series that moves rings") {
  ResonanceMemory memory;
  memory.start(std::vector<double>(60, 3.0), 0.25, WarmUp::kGuarded);
  for (int i = 0; i < 100; ++i) CHECK_FALSE(memory.add(3.0));
  CHECK(memory.add(4.0));
}

TEST_CASE("the largest values leave the memory usable") {
  ResonanceMemory memory = taught(100);
  for (int i = 0; i < 2000; ++i) (void)memory.add(i % 2 == 0 ? 2e150 : -2e150);
  std::string state;
  StateWriter out(state);
  ResonanceMemory::visit_state(memory, out);
  ResonanceMemory restored;
  StateReader in(state);
  ResonanceMemory::visit_state(restored, in);
  CHECK(in.ok());
}

}  // namespace
}  // namespace tocsin::detect
