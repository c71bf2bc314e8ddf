#include "src/rules/grok/engine/byte_frequency.hpp"

#include <algorithm>

namespace tocsin::rules::grok::engine {
namespace {

constexpr unsigned kThousand = 1000;

}  // namespace

unsigned frequency_of(char byte) {
  constexpr std::string_view kFrequentLetters = "aeinorst";
  if (byte == ' ') return 120;
  if (byte >= '0' && byte <= '2') return 45;
  if (byte >= '3' && byte <= '9') return 22;
  if (kFrequentLetters.find(byte) != std::string_view::npos) return 40;
  if (byte >= 'a' && byte <= 'z') return 15;
  if (byte >= 'A' && byte <= 'Z') return 5;
  switch (byte) {
    case '.':
    case '/':
    case ':':
    case '-':
      return 22;
    case '"':
    case '=':
    case ',':
    case '_':
      return 8;
    case '[':
    case ']':
    case '(':
    case ')':
    case ';':
      return 5;
    default:
      return 1;
  }
}

double expected_count(std::string_view literal) {
  double count = kThousand * kThousand * kThousand;
  for (const char byte : literal) count *= static_cast<double>(frequency_of(byte)) / kThousand;
  return count;
}

std::size_t rarest_byte(std::string_view literal) {
  const auto rarest = std::min_element(literal.begin(), literal.end(), [](char a, char b) {
    return frequency_of(a) < frequency_of(b);
  });
  return static_cast<std::size_t>(rarest - literal.begin());
}

}  // namespace tocsin::rules::grok::engine
