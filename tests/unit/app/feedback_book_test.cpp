#include "src/app/feedback_book.hpp"

#include "tests/unit/app/scratch_directory.hpp"
#include "tests/unit/app/small_files.hpp"
#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

namespace fs = std::filesystem;
using test::at;

Feedback said(FeedbackKind kind, std::int64_t until_s, std::uint64_t series = 1) {
  Feedback feedback;
  feedback.kind = kind;
  feedback.series = {series, 0};
  feedback.service = "orders";
  feedback.watch = "w";
  feedback.author = "ann";
  feedback.given = at(0);
  feedback.until = at(until_s);
  feedback.range = {1, 2};
  return feedback;
}
constexpr FeedbackKind kExpected = FeedbackKind::kExpected;
constexpr FeedbackKind kNoise = FeedbackKind::kNoise;

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Books {
  FeedbackBook open(std::int64_t now_s, std::size_t max = 10) {
    auto book = FeedbackBook::open({path, max}, at(now_s), [this](const Error& error) {
      warnings.push_back(error.message());
    });
    if (!book) FAIL(book.error().message());
    return std::move(*book);
  }

  test::ScratchDirectory scratch;
  fs::path path = scratch.path() / "f.jsonl";
  std::vector<std::string> warnings;
};

TEST_CASE("what is given is in force until its end, and is counted") {
  auto book = *FeedbackBook::open({}, at(0), nullptr);
  const auto first = book.give({said(kNoise, 60), said(kNoise, 60, 2)}, at(0));
  REQUIRE(first);
  CHECK(*first == 1);
  CHECK(*book.give({said(kExpected, 30)}, at(1)) == 2);
  CHECK(book.in_force(at(29)).size() == 3);
  CHECK(book.levels(at(29)) == std::array<std::uint64_t, 2>{1, 2});
  const auto by_series = book.by_series();
  CHECK(by_series->at({1, 0}).size() == 2);
  CHECK(by_series->at({2, 0}).front()->id == 1);
  CHECK(book.in_force(at(30)).size() == 2);
  CHECK(book.levels(at(60)) == std::array<std::uint64_t, 2>{0, 0});
  CHECK(book.counts().given == std::array<std::uint64_t, 2>{1, 2});
  CHECK(book.counts().ended == std::array<std::uint64_t, 2>{1, 2});
}

TEST_CASE("all that was said at once is taken back at once") {
  auto book = *FeedbackBook::open({}, at(0), nullptr);
  (void)book.give({said(kNoise, 60), said(kNoise, 60, 2)}, at(0));
  (void)book.give({said(kNoise, 60, 3)}, at(0));
  const auto withdrawn = book.withdraw(1, "bob", at(1));
  REQUIRE(withdrawn);
  CHECK(*withdrawn == 2);
  CHECK(book.in_force(at(1)).size() == 1);
  CHECK(book.counts().withdrawn[1] == 2);
  CHECK(book.withdraw(1, "bob", at(1)).error().code == Errc::kUnknownName);
  CHECK(book.withdraw(2, "bob", at(60)).error().code == Errc::kUnknownName);  // has ended
}

TEST_CASE("there is a limit, and ends make room") {
  auto book = *FeedbackBook::open({{}, 2}, at(0), nullptr);
  CHECK(book.give({said(kNoise, 60)}, at(0)));
  const auto over = book.give({said(kNoise, 90), said(kNoise, 90, 2)}, at(0));
  REQUIRE_FALSE(over);
  CHECK(over.error().code == Errc::kLimit);
  CHECK(over.error().text ==
        "found feedback on 2 watches, expected at most 1 more: detect.feedback.max is 2");
  CHECK(book.counts().refused == 2);
  CHECK(book.in_force(at(0)).size() == 1);
  CHECK(book.give({said(kNoise, 90), said(kNoise, 90, 2)}, at(60)));
}

TEST_CASE("a book that is opened again has what was in force, and gives no id twice") {
  Books books;
  {
    FeedbackBook book = books.open(0);
    CHECK(*book.give({said(kExpected, 600), said(kNoise, 600, 2)}, at(0)) == 1);
    CHECK(*book.give({said(kNoise, 30)}, at(0)) == 2);
    CHECK(*book.give({said(kNoise, 600, 3)}, at(0)) == 3);
    CHECK(book.withdraw(3, "bob", at(0)));
  }
  {
    FeedbackBook book = books.open(30);
    REQUIRE(book.in_force(at(30)).size() == 2);
    CHECK(book.in_force(at(30))[0]->range == ValueRange{1, 2});
    CHECK(book.in_force(at(30))[1]->series == event::Hash128{2, 0});
    // Written anew: what has ended or was taken back is gone.
    const std::string text = content(books.path);
    CHECK(std::count(text.begin(), text.end(), '\n') == 3);
    CHECK(text.starts_with("{\"last_id\":3}\n"));
  }
  {
    FeedbackBook book = books.open(600);
    CHECK(book.in_force(at(600)).empty());
  }
  FeedbackBook book = books.open(600);
  CHECK(*book.give({said(kNoise, 900)}, at(600)) == 4);
  CHECK(books.warnings.empty());
}

TEST_CASE("a damaged line is told with its place, skipped and counted; the others live") {
  Books books;
  {
    FeedbackBook book = books.open(0);
    CHECK(book.give({said(kNoise, 600), said(kNoise, 600, 2)}, at(0)));
  }
  std::string text = content(books.path);
  const std::size_t second = text.find('\n') + 1;
  text.insert(second, "{\"id\":1,\"kind\":\"n\xc3\xb6ise\",\"oops\"\n");
  text += "{\"id\":9,\"kind\":\"no";  // torn by a crash
  books.scratch.write("f.jsonl", text);
  {
    FeedbackBook book = books.open(0);
    CHECK(book.in_force(at(0)).size() == 2);
    CHECK(book.counts().damaged == 2);
    REQUIRE(books.warnings.size() == 3);
    CHECK(books.warnings[0].starts_with(books.path.string() + ":2:30: not a JSON object"));
    CHECK(books.warnings[1].starts_with(books.path.string() + ":4:19: not a JSON object"));
    CHECK(books.warnings[2] == books.path.string() + ".damaged: has the file as it was");
    CHECK(content(books.path.string() + ".damaged") == text);
    CHECK(book.give({said(kNoise, 600, 3)}, at(0)));
  }
  books.warnings.clear();
  FeedbackBook book = books.open(0);
  CHECK(book.in_force(at(0)).size() == 3);
  CHECK(books.warnings.empty());
}

TEST_CASE("a file with more than the limit keeps what was said last") {
  Books books;
  {
    FeedbackBook book = books.open(0);
    for (std::uint64_t i = 0; i < 5; ++i) CHECK(book.give({said(kNoise, 600, i)}, at(0)));
  }
  const std::string before = content(books.path);
  FeedbackBook book = books.open(0, 2);
  REQUIRE(book.in_force(at(0)).size() == 2);
  CHECK(book.in_force(at(0))[0]->series == event::Hash128{3, 0});
  CHECK(book.counts().refused == 3);
  REQUIRE(books.warnings.size() == 2);
  CHECK(books.warnings[0].find("the oldest 3 are left out") != std::string::npos);
  CHECK(books.warnings[1] == books.path.string() + ".left_out: has the file as it was");
  CHECK(content(books.path.string() + ".left_out") == before);
}

TEST_CASE("a full disk does not keep a book from being opened") {
  Books books;
  {
    FeedbackBook book = books.open(0);
    CHECK(book.give({said(kNoise, 30)}, at(0)));
    CHECK(book.give({said(kNoise, 600)}, at(0)));
  }
  const std::string before = content(books.path);
  {
    const test::SmallFiles small(16);
    FeedbackBook book = books.open(30);
    CHECK(book.in_force(at(30)).size() == 1);
    REQUIRE(books.warnings.size() == 1);
    CHECK(books.warnings[0].starts_with(books.path.string() +
                                        ".new: the file is not written anew: cannot write: "));
    CHECK(book.give({said(kNoise, 600, 2)}, at(30)).error().code == Errc::kIo);
  }
  CHECK(content(books.path) == before);
  FeedbackBook book = books.open(30);
  CHECK(book.in_force(at(30)).size() == 1);
  CHECK(*book.give({said(kNoise, 600, 2)}, at(30)) == 3);
}

TEST_CASE("what cannot be copied stays in the file") {
  Books books;
  std::size_t max = 10;
  {
    FeedbackBook book = books.open(0);
    for (std::uint64_t i = 0; i < 3; ++i) CHECK(book.give({said(kNoise, 600, i)}, at(0)));
  }
  std::string suffix;
  SUBCASE("when lines are damaged") {
    suffix = ".damaged";
    books.scratch.write("f.jsonl", content(books.path) + "{\"id\":9,\"kind\":\"no");
  }
  SUBCASE("when there is no room for all") {
    suffix = ".left_out";
    max = 2;
  }
  const std::string before = content(books.path);
  {
    std::optional<FeedbackBook> book;
    {
      const test::SmallFiles small(16);
      book = books.open(0, max);
    }
    CHECK(books.warnings.back().starts_with(books.path.string() + suffix +
                                            ": the file is not written anew: cannot keep a copy"));
    CHECK(content(books.path) == before);
    CHECK(book->withdraw(3, "bob", at(0)));
    CHECK(book->give({said(kNoise, 600, 3)}, at(0)));
  }
  // Once there is room on the disk, the copy has all of it.
  const std::string longer = content(books.path);
  CHECK(longer.starts_with(before));
  FeedbackBook book = books.open(0, max);
  CHECK(book.in_force(at(0)).back()->series == event::Hash128{3, 0});
  CHECK(content(books.path) != longer);
  CHECK(content(books.path.string() + suffix) == longer);
}

TEST_CASE("the file belongs to one daemon") {
  Books books;
  FeedbackBook first = books.open(0);
  const auto second = FeedbackBook::open({books.path, 10}, at(0), nullptr);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Errc::kUnavailable);
}

TEST_CASE("a file that is mostly past is written anew while the daemon runs") {
  Books books;
  FeedbackBook book = books.open(0, 1000);
  for (std::uint64_t id = 1; id <= 12; ++id) {
    CHECK(book.give(std::vector<Feedback>(1000, said(kNoise, 600)), at(0)));
    CHECK(book.withdraw(id, "bob", at(0)));
  }
  // Twelve times two hundred thousand bytes were written.
  CHECK(fs::file_size(books.path) < (std::size_t{1} << 20) + 300'000);
  CHECK(book.give({said(kNoise, 600)}, at(0)));
  CHECK(book.in_force(at(0)).size() == 1);
}

}  // namespace
}  // namespace tocsin::app
