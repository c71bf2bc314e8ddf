#include "src/rules/parse/mutate/rename.hpp"

#include <utility>

namespace tocsin::rules::parse {
namespace {

class Rename final : public Operation {
 public:
  explicit Rename(Renames renames) : renames_(std::move(renames)) {}

  Outcome apply(Record& record, Memory*) const override {
    bool taken = true;
    for (const auto& [from, to] : renames_) {
      const FieldKey key = to.key(record);
      const bool renamed = record.rename(from, key);
      taken = taken && (renamed || !record.has(from));
    }
    return taken ? Outcome::kDone : Outcome::kFailed;
  }
  std::string explain(const Record&, const Memory*) const override {
    return "a field cannot hold what was to be renamed to it";
  }

 private:
  Renames renames_;
};

class Copy final : public Operation {
 public:
  explicit Copy(Renames copies) : copies_(std::move(copies)) {}

  std::unique_ptr<Memory> make_memory() const override { return std::make_unique<CopyMemory>(); }

  Outcome apply(Record& record, Memory* memory) const override {
    auto& found = static_cast<CopyMemory&>(*memory).found;
    bool taken = true;
    for (const auto& [from, to] : copies_) {
      const FieldKey key = to.key(record);
      found.clear();
      if (from.role() != FieldRole::kAttribute) {
        if (const Value value = record.find(from); !value.is_none()) found.push_back({{}, value});
      } else {
        record.for_each_below(from, [&](std::string_view rest, const Value& value) {
          found.push_back({rest, value});
        });
      }
      for (const auto& [rest, value] : found) {
        const std::string_view name =
            rest.empty() ? key.text : record.arena().join({key.text, rest});
        taken = record.set(rest.empty() ? key : FieldKey(name), value) && taken;
      }
    }
    return taken ? Outcome::kDone : Outcome::kFailed;
  }
  std::string explain(const Record&, const Memory*) const override {
    return "a field cannot hold what was to be copied to it";
  }

 private:
  struct CopyMemory final : Memory {
    std::vector<std::pair<std::string_view, Value>> found;
  };

  Renames copies_;
};

}  // namespace

OperationPtr make_rename(Renames renames) {
  return std::make_unique<Rename>(std::move(renames));
}

OperationPtr make_copy(Renames copies) {
  return std::make_unique<Copy>(std::move(copies));
}

}  // namespace tocsin::rules::parse
