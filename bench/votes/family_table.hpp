// Prints what a point costs in bytes, by kind of series, and where the bytes are.
#pragma once

namespace tocsin::bench {

void print_family_table();

}  // namespace tocsin::bench
