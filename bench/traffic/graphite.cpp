#include "bench/traffic/graphite.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace tocsin::traffic {
namespace {

// servers.HOST.WORD.WORD...: 40 to 60 bytes.
std::string any_name(std::mt19937& random) {
  constexpr std::array<std::string_view, 8> kWords = {"cpu",  "memory",  "interface",  "requests",
                                                      "disk", "latency", "percentile", "queue"};
  const std::size_t length = 40 + random() % 21;
  std::string name = "servers.web-" + std::to_string(random() % 900 + 100);
  while (name.size() < length) (name += '.') += kWords[random() % kWords.size()];
  name.resize(length);
  if (name.back() == '.') name.back() = 'x';
  return name;
}

GraphitePoint any_point(std::mt19937& random, Digits digits) {
  GraphitePoint point{any_name(random), 0, {}};
  std::array<char, 32> text{};
  std::uniform_real_distribution<double> uniform(0, 100'000);
  point.value = uniform(random);
  if (digits == Digits::kThreeDecimals) point.value = std::round(point.value * 1000) / 1000;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), point.value).ptr;
  point.text.assign(text.data(), end);
  return point;
}

void put_big_endian(std::string& out, std::uint64_t bits) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift);
}

}  // namespace

std::vector<GraphitePoint> graphite_points(std::size_t count, Digits digits) {
  std::mt19937 random(2003);
  std::vector<GraphitePoint> made(count);
  for (GraphitePoint& point : made) point = any_point(random, digits);
  return made;
}

std::string graphite_line(const GraphitePoint& point, std::string_view tags, std::size_t i) {
  return point.name + std::string(tags) + " " + point.text + " 1795229" +
         std::to_string(100 + i % 900) + "\n";
}

std::string graphite_pickle(const GraphitePoint* first, std::size_t count) {
  std::string out("\x80\x02]q\0(", 6);
  std::uint32_t number = 0;
  const auto remember = [&] {
    ++number;
    if (number < 256) {
      (out += 'q') += static_cast<char>(number);
    } else {
      out += 'r';
      for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift);
    }
  };
  for (const GraphitePoint* point = first; point != first + count; ++point) {
    (out += 'X') += static_cast<char>(point->name.size());
    out += std::string(3, '\0') + point->name;
    remember();
    put_big_endian(out += 'G', std::bit_cast<std::uint64_t>(1795229000.0));
    put_big_endian(out += 'G', std::bit_cast<std::uint64_t>(point->value));
    out += '\x86';
    remember();
    out += '\x86';
    remember();
  }
  return out + "e.";
}

}  // namespace tocsin::traffic
