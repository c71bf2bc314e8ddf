#include "src/rules/parse/mutate/mutate_operation.hpp"

#include <utility>

namespace tocsin::rules::parse {
namespace {

struct MutateMemory final : Operation::Memory {
  std::vector<std::unique_ptr<Operation::Memory>> memories;  // by operation
  std::size_t failed = 0;
};

class Mutate final : public Operation {
 public:
  explicit Mutate(std::vector<OperationPtr> operations) : operations_(std::move(operations)) {}

  std::unique_ptr<Memory> make_memory() const override {
    auto memory = std::make_unique<MutateMemory>();
    for (const OperationPtr& operation : operations_) {
      memory->memories.push_back(operation->make_memory());
    }
    return memory;
  }

  Outcome apply(Record& record, Memory* memory) const override {
    auto& own = static_cast<MutateMemory&>(*memory);
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const Outcome outcome = operations_[i]->apply(record, own.memories[i].get());
      own.failed = i;
      if (outcome == Outcome::kFailed || outcome == Outcome::kGaveUp) return outcome;
    }
    return Outcome::kDone;
  }

  std::string explain(const Record& record, const Memory* memory) const override {
    const auto& own = static_cast<const MutateMemory&>(*memory);
    return operations_[own.failed]->explain(record, own.memories[own.failed].get());
  }

 private:
  std::vector<OperationPtr> operations_;
};

}  // namespace

OperationPtr make_mutate(std::vector<OperationPtr> operations) {
  return std::make_unique<Mutate>(std::move(operations));
}

}  // namespace tocsin::rules::parse
