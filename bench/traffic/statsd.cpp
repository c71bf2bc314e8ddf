#include "bench/traffic/statsd.hpp"

namespace tocsin::traffic {

StatsdLine statsd_line(std::mt19937& random) {
  StatsdLine line{"app.", 0};
  for (auto left = 16 + random() % 41; left > 0; --left) {
    line.text += left % 8 == 0 ? '.' : static_cast<char>('a' + random() % 26);
  }
  line.value = random() % 1000;
  line.text += ":" + std::to_string(line.value);
  const auto type = random() % 10;
  line.text += type < 6 ? "|c" : type < 9 ? "|ms" : "|g";
  if (type < 9 && random() % 4 == 0) line.text += random() % 2 == 0 ? "|@0.5" : "|@0.25";
  if (random() % 2 == 0) line.text += "|#env:prod,region:eu-" + std::to_string(random() % 4);
  return line;
}

}  // namespace tocsin::traffic
