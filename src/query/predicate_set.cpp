#include "src/query/predicate_set.hpp"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "src/query/anchor.hpp"
#include "src/query/program.hpp"

namespace tocsin::query {
namespace {

using Indices = std::vector<std::uint32_t>;

void append(const Indices& indices, std::vector<Match>& out) {
  for (const std::uint32_t index : indices) out.push_back({index, {}});
}

// Lets a view be looked up among strings. (Debian's absl::string_view is a type of its own.)
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};

// Text to the predicates that are anchored there.
class ExactTable {
 public:
  void insert(std::string_view text, std::uint32_t index) { table_[text].push_back(index); }

  void find(std::string_view text, std::vector<Match>& out) const {
    const auto at = table_.find(text);
    if (at != table_.end()) append(at->second, out);
  }

 private:
  absl::flat_hash_map<std::string, Indices, TextHash, std::equal_to<>> table_;
};

// The same for the beginnings or the ends of a text.
enum class Side : std::uint8_t { kBeginning, kEnd };
template <Side side>
class PartTable {
 public:
  void insert(std::string_view part, std::uint32_t index) {
    table_.insert(part, index);
    const auto at = std::ranges::lower_bound(lengths_, part.size());
    if (at == lengths_.end() || *at != part.size()) lengths_.insert(at, part.size());
  }

  void find(std::string_view text, std::vector<Match>& out) const {
    for (const std::size_t length : lengths_) {
      if (length > text.size()) return;
      table_.find(text.substr(side == Side::kEnd ? text.size() - length : 0, length), out);
    }
  }

 private:
  ExactTable table_;
  std::vector<std::size_t> lengths_;  // of the parts in table_; sorted, unique
};

}  // namespace

struct PredicateSet::Index {
  ExactTable service;
  ExactTable host;
  ExactTable tag;
  PartTable<Side::kBeginning> service_prefix;
  PartTable<Side::kBeginning> host_prefix;
  PartTable<Side::kEnd> service_suffix;
  PartTable<Side::kEnd> host_suffix;
  Indices general;  // without an anchor: to be tried for every identity

  void insert(const AnchorKey& key, std::uint32_t index) {
    switch (key.kind) {
      case AnchorKey::Kind::kService:
        return service.insert(key.text, index);
      case AnchorKey::Kind::kHost:
        return host.insert(key.text, index);
      case AnchorKey::Kind::kServicePrefix:
        return service_prefix.insert(key.text, index);
      case AnchorKey::Kind::kHostPrefix:
        return host_prefix.insert(key.text, index);
      case AnchorKey::Kind::kServiceSuffix:
        return service_suffix.insert(key.text, index);
      case AnchorKey::Kind::kHostSuffix:
        return host_suffix.insert(key.text, index);
      case AnchorKey::Kind::kTag:
        return tag.insert(key.text, index);
    }
  }

  // In no order, and a predicate may come more than once.
  void find(const Identity& identity, std::vector<Match>& out) const {
    append(general, out);
    service.find(identity.service, out);
    host.find(identity.host, out);
    service_prefix.find(identity.service, out);
    host_prefix.find(identity.host, out);
    service_suffix.find(identity.service, out);
    host_suffix.find(identity.host, out);
    for (const std::string& each : identity.tags) tag.find(each, out);
  }
};

PredicateSet::PredicateSet() : PredicateSet(std::vector<Predicate>{}) {}
PredicateSet::PredicateSet(PredicateSet&&) noexcept = default;
PredicateSet& PredicateSet::operator=(PredicateSet&&) noexcept = default;
PredicateSet::~PredicateSet() = default;

PredicateSet::PredicateSet(std::vector<Predicate> predicates) : predicates_(std::move(predicates)) {
  auto index = std::make_unique<Index>();
  for (std::uint32_t at = 0; at < predicates_.size(); ++at) {
    const Predicate& predicate = predicates_[at];
    if (predicate.is_never()) continue;
    const Anchor anchor =
        predicate.program_ == nullptr ? std::nullopt : find_anchor(*predicate.program_);
    if (!anchor) {
      index->general.push_back(at);
      continue;
    }
    for (const AnchorKey& key : *anchor) index->insert(key, at);
  }
  index_ = std::move(index);
}

void PredicateSet::find_candidates(const Identity& identity, std::vector<Match>& out) const {
  out.clear();
  index_->find(identity, out);
  std::ranges::sort(out, {}, &Match::index);
  const auto same_index = [](const Match& a, const Match& b) { return a.index == b.index; };
  out.erase(std::unique(out.begin(), out.end(), same_index), out.end());
}

std::size_t PredicateSet::candidates(const Identity& identity) const {
  std::vector<Match> found;
  find_candidates(identity, found);
  return found.size();
}

void PredicateSet::match(const Identity& identity, std::vector<Match>& out) const {
  find_candidates(identity, out);
  std::erase_if(out, [this, &identity](Match& match) {
    match.residue = predicates_[match.index].specialise(identity);
    return match.residue.is_never();
  });
}

}  // namespace tocsin::query
