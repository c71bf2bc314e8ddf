#include "src/publish/forward/parcel_spool.hpp"

#include <cassert>

namespace tocsin::publish {
namespace {

// Of a parcel besides its body.
constexpr std::size_t kOverheadBytes = 64;

std::size_t footprint_bytes(const Parcel& parcel) noexcept {
  return parcel.body.capacity() + kOverheadBytes;
}

}  // namespace

void ParcelCounters::add(const ParcelCounters& other) noexcept {
  accepted += other.accepted;
  sent += other.sent;
  refused += other.refused;
  dropped += other.dropped;
  pending += other.pending;
  bytes += other.bytes;
}

// The newest parcel takes another item.
bool ParcelSpool::is_open() const noexcept {
  return parcels_.size() > under_way_ && parcels_.back().items < limits_.parcel_items &&
         parcels_.back().body.size() < limits_.parcel_bytes;
}

void ParcelSpool::put(std::string_view item) {
  ++counters_.accepted;
  ++counters_.pending;
  if (!is_open()) {
    parcels_.emplace_back();
    counters_.bytes += footprint_bytes(parcels_.back());
  }
  Parcel& open = parcels_.back();
  counters_.bytes -= footprint_bytes(open);
  open.body += item;
  ++open.items;
  counters_.bytes += footprint_bytes(open);
  make_room();
}

void ParcelSpool::make_room() {
  while (counters_.bytes > limits_.max_bytes && parcels_.size() > under_way_) {
    const auto oldest = parcels_.begin() + static_cast<std::ptrdiff_t>(under_way_);
    counters_.dropped += oldest->items;
    counters_.pending -= oldest->items;
    counters_.bytes -= footprint_bytes(*oldest);
    parcels_.erase(oldest);
  }
}

const Parcel* ParcelSpool::take_next() {
  if (parcels_.size() == under_way_) return nullptr;
  return &parcels_[under_way_++];
}

std::uint32_t ParcelSpool::settle_front() {
  assert(under_way_ > 0);
  const std::uint32_t items = parcels_.front().items;
  counters_.pending -= items;
  counters_.bytes -= footprint_bytes(parcels_.front());
  parcels_.pop_front();
  --under_way_;
  return items;
}

void ParcelSpool::settle_sent() {
  counters_.sent += settle_front();
}

void ParcelSpool::settle_refused() {
  counters_.refused += settle_front();
}

void ParcelSpool::return_all() {
  under_way_ = 0;
  make_room();
}

}  // namespace tocsin::publish
