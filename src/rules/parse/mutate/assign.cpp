#include "src/rules/parse/mutate/assign.hpp"

namespace tocsin::rules::parse {
namespace {

class Assign final : public Operation {
 public:
  Assign(AssignTo to, Assignments assignments) : to_(to), assignments_(std::move(assignments)) {}

  Outcome apply(Record& record, Memory*) const override {
    bool taken = true;
    for (const auto& [field, text] : assignments_) {
      if (!is_wanted(field, record)) continue;
      taken = record.set(field, Value::text(text.expand(record))) && taken;
    }
    return taken ? Outcome::kDone : Outcome::kFailed;
  }
  std::string explain(const Record&, const Memory*) const override {
    return "a field cannot hold the text that it was to be set to";
  }

 private:
  bool is_wanted(const FieldName& field, const Record& record) const {
    switch (to_) {
      case AssignTo::kNull:
        return record.has(field) && record.find(field).is_none();
      case AssignTo::kPresent:
        return record.has(field);
      case AssignTo::kAny:
        break;
    }
    return true;
  }

  AssignTo to_;
  Assignments assignments_;
};

}  // namespace

OperationPtr make_assign(AssignTo to, Assignments assignments) {
  return std::make_unique<Assign>(to, std::move(assignments));
}

}  // namespace tocsin::rules::parse
