// What a derive rule emits of a window: one of its statistics.
// NaN: the window has none. Of an idle window, count, rate and sum are 0 where idle series are told
// at all; nothing else can be said.
#pragma once

#include "src/rules/rule_set.hpp"
#include "src/series/series_table.hpp"

namespace tocsin::app {

// Only from within WindowSink::closed, for the window that `table` is closing.
[[nodiscard]] double emission_value(const rules::Emission& emission,
                                    const series::ClosedWindow& window, series::SeriesTable& table);

}  // namespace tocsin::app
