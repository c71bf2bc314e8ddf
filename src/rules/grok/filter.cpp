#include "src/rules/grok/filter.hpp"

#include <algorithm>
#include <string_view>

#include "src/rules/grok/interpolation.hpp"

namespace tocsin::rules::grok {
namespace {

constexpr std::string_view kTags = "tags";

// Where a field of an expression is put.
struct Store {
  FieldReference field;
  bool overwrite;
};

struct FieldPlan {
  FieldReference source;
  Matcher matcher;
  std::vector<Store> stores;  // by the matcher's fields
};

std::vector<Store> plan_stores(const Matcher& matcher, const FilterOptions& options) {
  std::vector<Store> stores;
  for (const Matcher::Field& field : matcher.fields()) {
    const FieldReference reference =
        options.target.empty() ? field.reference
                               : field.reference.under(FieldReference::parse(options.target));
    const bool overwrite = std::find(options.overwrite.begin(), options.overwrite.end(),
                                     field.spelling) != options.overwrite.end();
    stores.push_back({reference, overwrite});
  }
  return stores;
}

void store(Value value, const Store& where, Object& event) {
  Value* const old = where.field.find_or_add(event);
  if (old == nullptr) return;
  if (where.overwrite || old->is_null()) {
    *old = std::move(value);
  } else if (Array* const array = old->array()) {
    array->push_back(std::move(value));
  } else if (old->text() != nullptr) {
    Array both;
    both.push_back(std::move(*old));
    both.push_back(std::move(value));
    old->data = std::move(both);
  }
}

// The field as an array: one of nothing is empty, a single value is its only element.
Array& as_array(Value& value) {
  if (value.array() == nullptr) {
    Array array;
    if (!value.is_null()) array.push_back(std::move(value));
    value.data = std::move(array);
  }
  return *value.array();
}

void add_tag(std::string tag, Object& event) {
  static const FieldReference tags = FieldReference::parse(kTags);
  Array& array = as_array(*tags.find_or_add(event));
  Value value{std::move(tag)};
  if (std::find(array.begin(), array.end(), value) == array.end()) {
    array.push_back(std::move(value));
  }
}

void remove_tag(const std::string& tag, Object& event) {
  Value* const tags = find(event, kTags);
  if (tags == nullptr || tags->is_null()) return;
  std::erase(as_array(*tags), Value{tag});
}

void add_field(const AddedField& added, Object& event) {
  const FieldReference field = FieldReference::parse(interpolate(added.field, event));
  for (const std::string& text : added.values) {
    Value value{interpolate(text, event)};
    Value* const old = field.find_or_add(event);
    if (old == nullptr) return;
    if (old->is_null()) {
      *old = std::move(value);
    } else {
      as_array(*old).push_back(std::move(value));
    }
  }
}

}  // namespace

struct Filter::Plan {
  // Fixed after make().
  FilterOptions options;
  std::vector<FieldPlan> fields;
  // Written by applying threads, read by whoever reports. Relaxed: statistics that order nothing.
  mutable std::atomic<std::uint64_t> matches{0};
  mutable std::atomic<std::uint64_t> failures{0};
  mutable std::atomic<std::uint64_t> give_ups{0};
};

// The filter on one event.
class Filter::Application {
 public:
  Application(const Plan& plan, Object& event, Scratch& scratch)
      : plan_(plan), event_(event), scratch_(scratch), effort_(plan.options.effort) {}

  Outcome run() {
    bool matched = false;
    for (const FieldPlan& field : plan_.fields) {
      matched |= try_field(field);
      if (gave_up_ || (matched && plan_.options.break_on_match)) break;
    }
    if (gave_up_) {
      for (const std::string& tag : plan_.options.tag_on_timeout) add_tag(tag, event_);
      return Outcome::kGaveUp;
    }
    if (!matched) {
      for (const std::string& tag : plan_.options.tag_on_failure) add_tag(tag, event_);
      return Outcome::kFailed;
    }
    decorate();
    return Outcome::kMatched;
  }

 private:
  bool try_field(const FieldPlan& field) {
    const Value* const value = field.source.find(event_);
    if (value == nullptr || value->array() == nullptr) {
      return try_value(value == nullptr ? Value{} : *value, field);
    }
    bool matched = false;
    const Array elements = *value->array();  // captures may go to the same field
    for (const Value& element : elements) {
      matched |= try_value(element, field);
      if (gave_up_) break;
    }
    return matched;
  }

  bool try_value(const Value& value, const FieldPlan& field) {
    scratch_.text.clear();
    append_text(value, scratch_.text);
    scratch_.subject.assign(scratch_.text);
    const Matcher::Found found =
        plan_.options.effort_is_of_event
            ? field.matcher.match(scratch_.subject, scratch_.captures, effort_)
            : field.matcher.match(scratch_.subject, scratch_.captures);
    for (const Captured& captured : scratch_.captures) {
      store(to_value(captured.value), field.stores[captured.field], event_);
    }
    gave_up_ = found.outcome == Matcher::Outcome::kGaveUp;
    return found.outcome == Matcher::Outcome::kMatch;
  }

  void decorate() {
    const FilterOptions& options = plan_.options;
    for (const AddedField& added : options.add_field) add_field(added, event_);
    for (const std::string& field : options.remove_field) {
      FieldReference::parse(interpolate(field, event_)).remove(event_);
    }
    for (const std::string& tag : options.add_tag) add_tag(interpolate(tag, event_), event_);
    for (const std::string& tag : options.remove_tag) remove_tag(interpolate(tag, event_), event_);
  }

  const Plan& plan_;
  Object& event_;
  Scratch& scratch_;
  Effort effort_;  // what is left
  bool gave_up_ = false;
};

Filter::Filter(std::unique_ptr<Plan> plan) noexcept : plan_(std::move(plan)) {}
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;
Filter::~Filter() = default;

Result<Filter> Filter::make(FilterOptions options, const PatternLibrary& library) {
  auto plan = std::make_unique<Plan>();
  const MatcherOptions how{options.break_on_match, options.named_captures_only,
                           options.keep_empty_captures, options.effort, options.compat};
  for (const FieldMatch& match : options.match) {
    auto matcher = Matcher::compile(match.expressions, library, how);
    if (!matcher) return matcher.error();
    std::vector<Store> stores = plan_stores(*matcher, options);
    plan->fields.push_back(
        {FieldReference::parse(match.field), *std::move(matcher), std::move(stores)});
  }
  plan->options = std::move(options);
  return Filter(std::move(plan));
}

Filter::Outcome Filter::apply(Object& event, Scratch& scratch) const {
  const Outcome outcome = Application(*plan_, event, scratch).run();
  std::atomic<std::uint64_t>& counter = outcome == Outcome::kMatched  ? plan_->matches
                                        : outcome == Outcome::kFailed ? plan_->failures
                                                                      : plan_->give_ups;
  counter.fetch_add(1, std::memory_order_relaxed);
  return outcome;
}

Filter::Counts Filter::counts() const {
  return {plan_->matches.load(std::memory_order_relaxed),
          plan_->failures.load(std::memory_order_relaxed),
          plan_->give_ups.load(std::memory_order_relaxed)};
}

std::vector<const Expression*> Filter::expressions() const {
  std::vector<const Expression*> all;
  for (const FieldPlan& field : plan_->fields) {
    for (const Expression& expression : field.matcher.expressions()) all.push_back(&expression);
  }
  return all;
}

}  // namespace tocsin::rules::grok
