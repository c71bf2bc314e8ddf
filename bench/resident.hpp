// How much memory this process has.
#pragma once

#include <unistd.h>

#include <cstdio>

namespace tocsin::bench {

// In MiB; 0 when the system does not say.
inline double resident_mib() {
  unsigned long total = 0;
  unsigned long resident = 0;
  if (std::FILE* const file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%lu %lu", &total, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 0x1p20;
}

}  // namespace tocsin::bench
