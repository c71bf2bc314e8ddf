#include "bench/votes/family_table.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>

#include "src/series/history.hpp"
#include "tests/unit/series/series_families.hpp"

namespace tocsin::bench {
namespace {

using namespace tocsin::series;

constexpr std::uint32_t kDay = 8640;
constexpr std::size_t kSeries = 20;

// Bytes a point, of: packed points, block heads, table, buffer and handle, and in all.
using Row = std::array<double, 5>;

Row measure(Family family) {
  Arena arena(Arena::kMaxCapBytes);
  HistoryPool pool(arena, {10, kDay});
  Row row{};
  for (std::uint64_t seed = 0; seed < kSeries; ++seed) {
    History history(static_cast<std::uint32_t>(seed * 7));
    std::int64_t slot = 0;
    for (const double value : make_family(family, kDay + 500, seed)) {
      (void)pool.append(history, slot++, value);
    }
    const HistoryMemory memory = pool.memory(history);
    const std::size_t bytes[] = {memory.blocks - memory.block_heads, memory.block_heads,
                                 memory.table, memory.buffer + sizeof(History),
                                 memory.total() + sizeof(History)};
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] += static_cast<double>(bytes[i]) / (kDay * kSeries);
    }
  }
  return row;
}

void print(const std::string& name, const Row& row) {
  std::printf("| %s |", name.c_str());
  for (const double bytes : row) std::printf(" %.3f |", bytes);
  std::printf("\n");
}

}  // namespace

void print_family_table() {
  std::printf(
      "| bytes a point | packed | block heads | table | buffer | all "
      "|\n|---|---|---|---|---|---|\n");
  Row mean{};
  double families = 0;
  for (const FamilyName& family : kFamilies) {
    const Row row = measure(family.family);
    print(std::string(family.name), row);
    if (!family.statsd_like) continue;
    families += 1;
    for (std::size_t i = 0; i < row.size(); ++i) mean[i] += row[i];
  }
  for (double& bytes : mean) bytes /= families;
  print("mean of what statsd sends", mean);
}

}  // namespace tocsin::bench
