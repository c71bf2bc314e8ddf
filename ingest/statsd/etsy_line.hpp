// Decodes one line as Etsy's server does, to the letter: the strict dialect.
// The order of the steps is what makes it surprising, so it is kept:
//   1. everything behind the first "|#" is tags;
//   2. what is before is cut at every ':': the key, then pieces `value|type[|@rate]`, each
//   complete;
//   3. a line without ':' is one piece "1" without a type, and so is bad.
// Any type but ms, g and s is a counter; the type may even be empty. Values are JavaScript's.
// Departures: @0, and rates of which JavaScript makes 0 or stumbles, are refused; they poison the
//   counter or stop Etsy's server.
// Input:   one line without its line end, not empty.
// Output:  one sample or one reject for every piece.
// Source:  stats.js and lib/helpers.js of statsd (read 2026).
#pragma once

#include <string_view>

#include "ingest/statsd/line_output.hpp"
#include "ingest/statsd/options.hpp"

namespace tocsin::statsd {

void decode_etsy_line(std::string_view line, const Options& options, const LineOutput& output);

}  // namespace tocsin::statsd
