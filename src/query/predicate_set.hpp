// Many predicates asked about one identity at once: which of them can match its events, and what is
// left to ask of each event. Built once for each generation of rules.
// Idea:    most predicates name a service, a host or a tag. Those are found by looking up what the
//          identity has in hash tables; only what the lookup brings, and the predicates that name
//          nothing, are evaluated. A prefix ("api.%") or a suffix ("%.p99") is looked up once for
//          each length in use.
// Threads: immutable once built.
// Cost:    match() costs as much as the predicates that may match, however many there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "src/query/predicate.hpp"
#include "tocsin/identity.hpp"

namespace tocsin::query {

struct Match {
  std::uint32_t index;  // of the predicate, in the order given to the set
  Residue residue;      // not never
};

class PredicateSet {
 public:
  PredicateSet();
  explicit PredicateSet(std::vector<Predicate> predicates);
  PredicateSet(PredicateSet&&) noexcept;
  PredicateSet& operator=(PredicateSet&&) noexcept;
  ~PredicateSet();

  // Replaces the contents of `out`: every predicate whose residue is not never, by rising index.
  void match(const Identity& identity, std::vector<Match>& out) const;

  // How many predicates match() tries to find those: what a new series costs.
  [[nodiscard]] std::size_t candidates(const Identity& identity) const;

  [[nodiscard]] std::size_t size() const noexcept { return predicates_.size(); }
  [[nodiscard]] const Predicate& operator[](std::size_t index) const { return predicates_[index]; }

 private:
  struct Index;

  // By rising index, each once; without residues.
  void find_candidates(const Identity& identity, std::vector<Match>& out) const;

  std::vector<Predicate> predicates_;
  std::unique_ptr<const Index> index_;
};

}  // namespace tocsin::query
