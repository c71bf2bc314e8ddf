#include "src/rules/parse/mutate/letter_case.hpp"

#include <utility>

namespace tocsin::rules::parse {
namespace {

constexpr std::string_view kBlanks{" \t\n\v\f\r\0", 7};

// An operation that makes one text of another, field by field.
template <class Change>
class ChangeTexts final : public Operation {
 public:
  ChangeTexts(std::vector<FieldName> fields, Change change)
      : fields_(std::move(fields)), change_(change) {}

  Outcome apply(Record& record, Memory*) const override {
    bool taken = true;
    for (const FieldName& field : fields_) {
      taken = change_texts(field, record,
                           [&](std::string_view text) { return change_(text, record.arena()); }) &&
              taken;
    }
    return taken ? Outcome::kDone : Outcome::kFailed;
  }
  std::string explain(const Record&, const Memory*) const override {
    return "a field cannot hold its text in another form";
  }

 private:
  std::vector<FieldName> fields_;
  Change change_;
};

}  // namespace

OperationPtr make_transform(Transform how, std::vector<FieldName> fields) {
  const auto change = [how](std::string_view text, TextArena& arena) {
    return transformed(text, how, arena);
  };
  return std::make_unique<ChangeTexts<decltype(change)>>(std::move(fields), change);
}

OperationPtr make_strip(std::vector<FieldName> fields) {
  const auto change = [](std::string_view text, TextArena&) { return trimmed(text, kBlanks); };
  return std::make_unique<ChangeTexts<decltype(change)>>(std::move(fields), change);
}

}  // namespace tocsin::rules::parse
