// Memories: the detectors of one watch that remember one series, and how they voted on its newest
// point. There are none until make(), for they are large.
// Memory:  charged to an account that the owner shares among all series and holds against a limit.
// Threads: one owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/detect/ensemble.hpp"
#include "tocsin/stream_detector.hpp"

namespace tocsin::app {

// Bytes that detectors hold. Detectors grow while they learn, so what they hold is asked again from
// time to time; the limit is held against new ones.
struct MemoryAccount {
  std::size_t limit = SIZE_MAX;
  std::size_t bytes = 0;
  std::size_t detectors = 0;

  [[nodiscard]] bool has_room() const noexcept { return bytes < limit; }
};

class Memories {
 public:
  // For the voters of `ensemble` that remember. The account must outlive this.
  Memories(const detect::Ensemble& ensemble, MemoryAccount& account);
  // For a watch without any.
  Memories() = default;

  [[nodiscard]] bool wanted() const noexcept { return !members_.empty(); }
  [[nodiscard]] bool ready() const noexcept;
  // Has the same detectors of an earlier generation go on, with the options of this one.
  void take_over(Memories& earlier);
  // Those that are not there yet. They have seen nothing.
  void make();

  // Each takes in the point unless it has seen it, or a later one. Precondition: ready().
  void update(const Point& point);

  // On the last point, in the order of the ensemble.
  [[nodiscard]] std::span<const Vote> votes() const noexcept { return votes_; }
  [[nodiscard]] bool any_fired() const noexcept;
  // What those say that fired: of a single one its reason, else "consensus: ...; deep: ...".
  [[nodiscard]] std::string reasons() const;

 private:
  // What one detector holds, as the account has it.
  class Charge {
   public:
    explicit Charge(MemoryAccount& account) : account_(&account) { ++account.detectors; }
    Charge(Charge&& other) noexcept
        : account_(std::exchange(other.account_, nullptr)), bytes_(other.bytes_) {}
    Charge& operator=(Charge&&) = delete;
    ~Charge() {
      if (account_ == nullptr) return;
      account_->bytes -= bytes_;
      --account_->detectors;
    }
    void set(std::size_t bytes) noexcept {
      account_->bytes += bytes - bytes_;
      bytes_ = bytes;
    }

   private:
    MemoryAccount* account_;
    std::size_t bytes_ = 0;
  };
  // A detector with what is known of it.
  struct Mind {
    std::unique_ptr<StreamDetector> detector;
    Charge charge;
    double last_s;  // of its newest point
    std::uint32_t points = 0;
  };
  struct Member {
    detect::Voter voter;
    std::unique_ptr<Mind> mind;  // null: not made yet
  };

  MemoryAccount* account_ = nullptr;
  std::vector<Member> members_;
  std::vector<Vote> votes_;
};

}  // namespace tocsin::app
