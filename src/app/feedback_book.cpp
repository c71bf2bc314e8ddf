#include "src/app/feedback_book.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>
#include <variant>

#include "src/settings/complaints.hpp"

namespace tocsin::app {
namespace {

// A file that has grown by so much beyond twice what is in force is written anew.
constexpr std::size_t kSlackBytes = std::size_t{1} << 20;

std::size_t index_of(FeedbackKind kind) noexcept {
  return static_cast<std::size_t>(kind);
}

// Calls visit(line, number) for each line, without its end, that is not empty; a last line without
// an end was torn by a crash and is one all the same.
template <class Visit>
void for_each_line(std::string_view text, Visit&& visit) {
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (!line.empty()) visit(line, number);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
}

// Of the byte at `offset` in a line; columns count characters.
settings::Position position(std::string_view line, int number, std::size_t offset) {
  const std::string_view before = line.substr(0, std::min(offset, line.size()));
  const auto characters = std::ranges::count_if(
      before, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  return {number, static_cast<int>(characters) + 1};
}

}  // namespace

Result<FeedbackBook> FeedbackBook::open(const Options& options, TimePoint now, const Warn& warn) {
  FeedbackBook book(options);
  if (options.file.empty()) return book;
  if (auto loaded = book.load(now, warn); !loaded) return loaded.error();
  return book;
}

Result<void> FeedbackBook::load(TimePoint now, const Warn& warn) {
  auto file = FeedbackFile::open(options_.file);
  if (!file) return file.error();
  file_ = std::move(*file);
  const auto text = file_->read();
  if (!text) return text.error();
  for_each_line(*text, [&](std::string_view line, int number) {
    const auto place = [&](std::size_t offset) {
      return settings::place(options_.file.string(), position(line, number, offset));
    };
    const auto read = parse_feedback_line(line, place);
    if (read) return take(*read, now);
    ++counts_.damaged;
    warn(read.error());
  });
  make_room(warn);
  if (counts_.damaged > 0) copy_first_ = "damaged";
  const auto done = whole_text() == *text ? Result<void>() : compact();
  compact_bytes_ = file_->size();
  if (!copy_.empty()) warn({Errc::kLimit, copy_.string(), "has the file as it was"});
  // The old file is as good, and has what could not be copied.
  if (!done) {
    const Error& why = done.error();
    warn({why.code, why.where, "the file is not written anew: " + why.text});
  }
  return {};
}

void FeedbackBook::take(const FeedbackLine& line, TimePoint now) {
  if (const auto* feedback = std::get_if<Feedback>(&line)) {
    last_id_ = std::max(last_id_, feedback->id);
    if (feedback->in_force(now)) entries_.push_back(std::make_shared<const Feedback>(*feedback));
  } else if (const auto* withdrawal = std::get_if<Withdrawal>(&line)) {
    std::erase_if(entries_, [&](const FeedbackPtr& f) { return f->id == withdrawal->id; });
  } else {
    last_id_ = std::max(last_id_, std::get<LastFeedbackId>(line).id);
  }
}

void FeedbackBook::make_room(const Warn& warn) {
  if (entries_.size() <= options_.max) return;
  const std::size_t over = entries_.size() - options_.max;
  counts_.refused += over;
  warn({Errc::kLimit, options_.file.string(),
        "found feedback on " + std::to_string(entries_.size()) + " watches, expected at most " +
            std::to_string(options_.max) + " (detect.feedback.max); the oldest " +
            std::to_string(over) + " are left out"});
  copy_first_ = "left_out";
  entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(over));
}

Result<std::uint64_t> FeedbackBook::give(std::vector<Feedback> said, TimePoint now) {
  forget_ended(now);
  if (said.size() > options_.max - entries_.size()) {
    counts_.refused += said.size();
    return Error{Errc::kLimit, "",
                 "found feedback on " + std::to_string(said.size()) +
                     " watches, expected at most " +
                     std::to_string(options_.max - entries_.size()) +
                     " more: detect.feedback.max is " + std::to_string(options_.max)};
  }
  std::string lines;
  for (Feedback& feedback : said) {
    feedback.id = last_id_ + 1;
    append_line(feedback, lines);
  }
  if (file_) {
    if (auto kept = file_->append(lines); !kept) return kept.error();
  }
  ++last_id_;
  for (Feedback& feedback : said) {
    ++counts_.given[index_of(feedback.kind)];
    entries_.push_back(std::make_shared<const Feedback>(std::move(feedback)));
  }
  compact_if_due();
  return last_id_;
}

Result<std::size_t> FeedbackBook::withdraw(std::uint64_t id, std::string author, TimePoint now) {
  forget_ended(now);
  const auto is_meant = [id](const FeedbackPtr& f) { return f->id == id; };
  if (std::ranges::none_of(entries_, is_meant)) {
    return Error{Errc::kUnknownName, "",
                 "no feedback " + std::to_string(id) +
                     " is in force; `tocsin feedback list` shows "
                     "what is"};
  }
  if (file_) {
    std::string line;
    append_line(Withdrawal{id, std::move(author), now}, line);
    if (auto kept = file_->append(line); !kept) return kept.error();
  }
  for (const FeedbackPtr& feedback : entries_) {
    if (is_meant(feedback)) ++counts_.withdrawn[index_of(feedback->kind)];
  }
  const std::size_t count = std::erase_if(entries_, is_meant);
  compact_if_due();
  return count;
}

const std::vector<FeedbackPtr>& FeedbackBook::in_force(TimePoint now) {
  forget_ended(now);
  return entries_;
}

FeedbackBySeriesPtr FeedbackBook::by_series() const {
  auto all = std::make_shared<FeedbackBySeries>();
  for (const FeedbackPtr& feedback : entries_) (*all)[feedback->series].push_back(feedback);
  return all;
}

std::array<std::uint64_t, kFeedbackKinds> FeedbackBook::levels(TimePoint now) {
  std::array<std::uint64_t, kFeedbackKinds> levels{};
  for (const FeedbackPtr& feedback : in_force(now)) ++levels[index_of(feedback->kind)];
  return levels;
}

void FeedbackBook::forget_ended(TimePoint now) {
  for (const FeedbackPtr& feedback : entries_) {
    if (!feedback->in_force(now)) ++counts_.ended[index_of(feedback->kind)];
  }
  std::erase_if(entries_, [now](const FeedbackPtr& f) { return !f->in_force(now); });
}

std::string FeedbackBook::whole_text() const {
  std::string text;
  if (last_id_ > 0) append_line(LastFeedbackId{last_id_}, text);
  for (const FeedbackPtr& feedback : entries_) append_line(*feedback, text);
  return text;
}

Result<void> FeedbackBook::compact() {
  if (!copy_first_.empty()) {
    auto copy = file_->keep_copy(copy_first_);
    if (!copy) return copy.error();
    copy_ = *std::move(copy);
    copy_first_ = {};
  }
  return file_->replace(whole_text());
}

void FeedbackBook::compact_if_due() {
  if (!file_ || file_->size() <= 2 * compact_bytes_ + kSlackBytes) return;
  // The old file is as good, only longer; it is tried again when that has grown once more.
  (void)compact();
  compact_bytes_ = file_->size();
}

}  // namespace tocsin::app
