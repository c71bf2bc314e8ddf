// Whether two builds give the same votes: of each of many disturbed series all that consensus says,
// as one sum. A change that claims to keep the votes prints the same lines as the build before it.
#pragma once

#include <cstddef>

namespace tocsin::bench {

// One line for each series on stdout: its kind, step and points, how many fired and were noticed,
// and the sum of all bits of the votes, of the reasons of what was told, and of the last state.
void print_vote_sums(std::size_t series, std::size_t seed);

}  // namespace tocsin::bench
