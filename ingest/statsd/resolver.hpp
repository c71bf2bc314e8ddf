// Resolver: from the raw spelling of a statsd sample to the identity of its series.
// service:    the name, cleaned as Etsy does (clean_name).
// tags:       bare tags. attributes: `k:v` tags, cut at the first ':'; `;k=v` behind the name
//             (Graphite); `,k=v` behind the name if every part has a '=' (Telegraf; not in the
//             strict dialect). Of a repeated key the last counts; tags win over the name.
// host:       the tag `host:`, else Options::default_host.
// Strict:     the key with its tags is cleaned as a whole, as Etsy does, so that names and values
//             of tags lose what a key may not hold.
// Errors:     kSyntax: nothing is left of the name (legal in the strict dialect); kLimit: more tags
//             than Options::max_tags.
// Threads:    immutable; any thread.
// Cost:       allocates; called once per spelling.
#pragma once

#include <cstdint>

#include "ingest/statsd/options.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::statsd {

class Resolver final : public IdentityResolver {
 public:
  explicit Resolver(Options options);

  [[nodiscard]] Result<Identity> resolve(const RawSample& sample) const override;
  [[nodiscard]] std::uint64_t seed() const noexcept override { return seed_; }

 private:
  Options options_;
  std::uint64_t seed_;
};

}  // namespace tocsin::statsd
