#include "src/rules/grok/engine/prefixes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "src/rules/grok/engine/byte_frequency.hpp"
#include "src/rules/grok/engine/follow.hpp"

namespace tocsin::rules::grok::engine {
namespace {

constexpr std::size_t kMostPrefixes = 40;
constexpr std::size_t kMostSteps = 20'000;

using Kind = Node::Kind;

// Walks every way through the tree until three bytes are known.
class Walk {
 public:
  // Whether all were found.
  bool run(const Node& root) {
    rest_.push_back({&root, 0});
    step(0);
    return found_.size() <= kMostPrefixes && steps_ <= kMostSteps;
  }

  std::vector<Prefix> take() { return std::move(found_); }

 private:
  // A node that is still to be passed; of a repeat, how often it was passed already.
  struct Item {
    const Node* node;
    std::uint32_t turns;
  };

  // `known` bytes of prefix_ stand fast. Leaves rest_ as it was.
  void step(std::size_t known) {
    if (found_.size() > kMostPrefixes || ++steps_ > kMostSteps) return;
    if (known == prefix_.size() || rest_.empty()) return finish(known);
    const Item item = rest_.back();
    rest_.pop_back();
    pass(item, known);
    rest_.push_back(item);
  }

  void pass(const Item& item, std::size_t known) {
    const Node& node = *item.node;
    switch (node.kind) {
      case Kind::kSet:
        prefix_[known] = node.set;
        return step(known + 1);
      case Kind::kSequence: {
        const std::size_t size = rest_.size();
        for (auto child = node.children.rbegin(); child != node.children.rend(); ++child) {
          rest_.push_back({*child, 0});
        }
        step(known);
        rest_.resize(size);
        return;
      }
      case Kind::kAlternation:
        for (const Node* branch : node.children) with({branch, 0}, known);
        return;
      case Kind::kRepeat:
        if (is_nullable(*node.children.front())) return finish(known);
        if (item.turns >= node.least) step(known);
        if (item.turns < node.most) {
          rest_.push_back({&node, item.turns + 1});
          with({node.children.front(), 0}, known);
          rest_.pop_back();
        }
        return;
      case Kind::kCapture:
      case Kind::kAtomic:
        return with({node.children.front(), 0}, known);
      case Kind::kAhead:
      case Kind::kBehind:
      case Kind::kAssertion:
        return step(known);
      case Kind::kOpaque:
        return finish(known);
    }
  }

  void with(const Item& item, std::size_t known) {
    rest_.push_back(item);
    step(known);
    rest_.pop_back();
  }

  void finish(std::size_t known) {
    Prefix prefix = prefix_;
    for (std::size_t i = known; i < prefix.size(); ++i) prefix[i] = Follow::anything().first;
    if (std::find(found_.begin(), found_.end(), prefix) == found_.end()) found_.push_back(prefix);
  }

  std::vector<Item> rest_;  // the next one last
  Prefix prefix_;
  std::vector<Prefix> found_;
  std::size_t steps_ = 0;
};

double places_of(const Prefix& prefix) {
  constexpr double kThousand = 1000;
  double places = kThousand;
  for (const ByteSet& set : prefix) {
    unsigned sum = 0;
    for (std::size_t byte = 0; byte < 0x80; ++byte) {
      if (set[byte]) sum += frequency_of(static_cast<char>(byte));
    }
    places *= std::min<double>(sum, kThousand) / kThousand;
  }
  return places;
}

Prefix joined(const Prefix& a, const Prefix& b) {
  Prefix both = a;
  for (std::size_t i = 0; i < both.size(); ++i) both[i] |= b[i];
  return both;
}

}  // namespace

std::vector<Prefix> find_prefixes(const Node& root) {
  Walk walk;
  if (!walk.run(root)) return {};
  return walk.take();
}

double expected_places(const std::vector<Prefix>& prefixes) {
  double sum = 0;
  for (const Prefix& prefix : prefixes) sum += places_of(prefix);
  return sum;
}

// Joins the two that cost least to join, until few enough are left.
std::vector<Prefix> merge_prefixes(std::vector<Prefix> prefixes) {
  while (prefixes.size() > Fingerprints::kBuckets) {
    double least = std::numeric_limits<double>::max();
    std::size_t one = 0;
    std::size_t other = 1;
    for (std::size_t i = 0; i < prefixes.size(); ++i) {
      for (std::size_t j = i + 1; j < prefixes.size(); ++j) {
        const double more = places_of(joined(prefixes[i], prefixes[j])) - places_of(prefixes[i]) -
                            places_of(prefixes[j]);
        if (more >= least) continue;
        least = more;
        one = i;
        other = j;
      }
    }
    prefixes[one] = joined(prefixes[one], prefixes[other]);
    prefixes.erase(prefixes.begin() + static_cast<std::ptrdiff_t>(other));
  }
  return prefixes;
}

}  // namespace tocsin::rules::grok::engine
