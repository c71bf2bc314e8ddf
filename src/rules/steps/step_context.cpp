#include "src/rules/steps/step_context.hpp"

#include <charconv>
#include <string_view>
#include <system_error>

namespace tocsin::rules {
namespace {

// What no file is called: marks the places that stand for a scalar.
constexpr char kScalarMark = '\x01';

}  // namespace

StepContext::StepContext(const Vocabulary& vocabulary, settings::Complaints& complaints)
    : complaints_(complaints), folder_(std::filesystem::path(complaints.file()).parent_path()) {
  if (!vocabulary.patterns.empty()) {
    roots_ = {vocabulary.patterns};
  } else {
    roots_ = {folder_ / "patterns", std::filesystem::path("rules") / "patterns"};
  }
}

std::filesystem::path StepContext::beside_the_file(const std::string& path) const {
  return folder_ / path;  // an absolute path stays as it is
}

const grok::PatternLibrary* StepContext::pattern_set(grok::PatternSet set) {
  if (const auto known = sets_.find(set); known != sets_.end()) return known->second.get();
  std::unique_ptr<grok::PatternLibrary>& made = sets_[set];
  for (const std::filesystem::path& root : roots_) {
    std::error_code error;
    if (!std::filesystem::is_directory(root / grok::to_string(set), error)) continue;
    auto library = grok::load_pattern_set(root, set);
    if (!library) continue;
    made = std::make_unique<grok::PatternLibrary>(*std::move(library));
    break;
  }
  return made.get();
}

std::string StepContext::roots() const {
  std::string text;
  for (const std::filesystem::path& root : roots_) {
    text += (text.empty() ? "" : " and ") + root.string();
  }
  return text;
}

grok::Place StepContext::place_of(const settings::Node& scalar) {
  scalars_.push_back(&scalar);
  return {kScalarMark + std::to_string(scalars_.size() - 1), 1, 1};
}

void StepContext::complain(const Error& error, settings::Position position,
                           const std::string& behind) {
  const std::string_view where = error.where;
  std::size_t index = 0;
  if (where.starts_with(kScalarMark)) {
    const char* const end = where.data() + where.size();
    const auto read = std::from_chars(where.data() + 1, end, index);
    const std::string_view inside(read.ptr + 1, static_cast<std::size_t>(end - read.ptr - 1));
    complaints_.add(error.code, scalars_.at(index)->scalar.position(inside), error.text + behind);
  } else if (where.empty()) {
    complaints_.add(error.code, position, error.text + behind);
  } else {
    complaints_.add(error.code, position, error.text + behind + " (at " + error.where + ")");
  }
}

}  // namespace tocsin::rules
