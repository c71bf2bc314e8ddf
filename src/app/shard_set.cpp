#include "src/app/shard_set.hpp"

#include <algorithm>
#include <future>
#include <utility>

namespace tocsin::app {
namespace {

constexpr auto kAnswerTime = std::chrono::seconds(5);
// Series looked at before the shard turns to its samples again: about a millisecond.
constexpr std::size_t kQueryStep = 2000;
constexpr std::size_t kLeastBatches = 4;

// The answer of one shard, to be given once. Whoever holds it last without having given it says
// that the shard is stopping: a task that a shard throws away answers so at once.
template <class T>
class Answer {
 public:
  Answer() = default;
  ~Answer() {
    if (!given_) {
      promise_.set_value(Error{Errc::kUnavailable, "", "the daemon is stopping; ask no more"});
    }
  }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  [[nodiscard]] std::future<Result<T>> future() { return promise_.get_future(); }
  void give(Result<T> result) {
    given_ = true;
    promise_.set_value(std::move(result));
  }

 private:
  std::promise<Result<T>> promise_;
  bool given_ = false;
};

template <class T>
Result<T> wait_for(std::future<Result<T>>& answer) {
  if (answer.wait_for(kAnswerTime) == std::future_status::ready) return answer.get();
  return Error{Errc::kUnavailable, "",
               "a shard did not answer within " + std::to_string(kAnswerTime.count()) +
                   " s; it is too busy"};
}

// A question that is asked of one shard in many small steps. Only its next step holds it.
template <class T, class Look>
struct Question : std::enable_shared_from_this<Question<T, Look>> {
  // `look` is copied: its caller may have given up waiting when its turn comes.
  Question(const Look& look_in, std::size_t limit_in) : look(look_in), limit(limit_in) {}

  void step(pipeline::ShardLoop& loop, const ShardStage& stage) {
    from = look(stage, from, limit, found);
    if (from == 0) return answer.give(std::move(found));
    (void)loop.post([self = this->shared_from_this(), &loop, &stage] { self->step(loop, stage); });
  }

  const Look look;
  const std::size_t limit;
  series::SeriesIndex from = 0;
  std::vector<T> found;
  Answer<std::vector<T>> answer;
};

}  // namespace

ShardSet::ShardSet(const Options& options, const CompiledRulesPtr& rules,
                   const std::function<ShardOutputs(std::size_t shard)>& outputs) {
  for (std::size_t i = 0; i < options.shards; ++i) shards_.push_back(std::make_unique<Shard>());
  const std::size_t batches = std::max(kLeastBatches, options.batches / options.shards);
  for (std::size_t ingest = 0; ingest < options.ingest_threads; ++ingest) {
    for (const auto& shard : shards_) {
      lanes_.push_back(
          std::make_unique<pipeline::Lane>(batches, options.batch_samples, shard->bell));
    }
  }
  ShardOptions stage = options.stage;
  stage.lanes = options.ingest_threads;
  stage.table.max_series /= options.shards;
  stage.table.max_bytes /= options.shards;
  for (std::size_t i = 0; i < options.shards; ++i) {
    Shard& shard = *shards_[i];
    std::vector<pipeline::Lane*> lanes;
    for (std::size_t ingest = 0; ingest < options.ingest_threads; ++ingest) {
      lanes.push_back(lanes_[ingest * options.shards + i].get());
    }
    ShardOutputs to = outputs(i);
    to.define_again = [lanes] {
      for (pipeline::Lane* lane : lanes) lane->ask_to_define_again();
    };
    shard.stage = std::make_unique<ShardStage>(stage, rules, std::move(to));
    shard.loop = std::make_unique<pipeline::ShardLoop>(lanes, shard.bell, *shard.stage);
  }
}

ShardSet::~ShardSet() {
  join();
}

void ShardSet::start() {
  for (const auto& shard : shards_) {
    shard->thread = std::thread([loop = shard->loop.get()] { loop->run(); });
  }
}

void ShardSet::join() {
  for (const auto& shard : shards_) {
    if (shard->thread.joinable()) shard->thread.join();
  }
}

std::vector<pipeline::Lane*> ShardSet::lanes_of(std::size_t ingest_thread) {
  std::vector<pipeline::Lane*> lanes;
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    lanes.push_back(lanes_[ingest_thread * shards_.size() + i].get());
  }
  return lanes;
}

void ShardSet::adopt(const CompiledRulesPtr& rules) {
  for (const auto& shard : shards_) {
    (void)shard->loop->post([stage = shard->stage.get(), rules] { stage->adopt(rules); });
  }
}

void ShardSet::adopt(const FeedbackBySeriesPtr& feedback) {
  for (const auto& shard : shards_) {
    (void)shard->loop->post([stage = shard->stage.get(), feedback] { stage->adopt(feedback); });
  }
}

Result<std::vector<Event>> ShardSet::query(const query::Predicate& predicate, std::size_t limit) {
  return ask_all<Event>(
      [predicate](const ShardStage& stage, series::SeriesIndex from, std::size_t most,
                  std::vector<Event>& found) {
        return stage.query(predicate, from, kQueryStep, most, found);
      },
      limit);
}

Result<std::vector<FeedbackSubject>> ShardSet::subjects(const FeedbackSelection& selection,
                                                        std::size_t limit) {
  return ask_all<FeedbackSubject>(
      [selection](const ShardStage& stage, series::SeriesIndex from, std::size_t most,
                  std::vector<FeedbackSubject>& found) {
        return stage.subjects(selection, from, kQueryStep, most, found);
      },
      limit);
}

template <class T>
Result<std::vector<T>> ShardSet::ask_all(const Look<T>& look, std::size_t limit) {
  std::vector<T> all;
  for (const auto& shard : shards_) {
    auto question = std::make_shared<Question<T, Look<T>>>(look, limit - all.size());
    auto answer = question->answer.future();
    (void)shard->loop->post([question = std::move(question), loop = shard->loop.get(),
                             stage = shard->stage.get()] { question->step(*loop, *stage); });
    auto found = wait_for(answer);
    if (!found) return found;
    for (T& each : *found) all.push_back(std::move(each));
    if (all.size() >= limit) break;
  }
  return all;
}

Result<void> ShardSet::on_each(const std::function<void(ShardStage&)>& task) {
  for (const auto& shard : shards_) {
    auto done = std::make_shared<Answer<void>>();
    auto answer = done->future();
    // The task is copied: its caller may have given up waiting when its turn comes.
    (void)shard->loop->post([task, done = std::move(done), stage = shard->stage.get()] {
      task(*stage);
      done->give({});
    });
    if (auto finished = wait_for(answer); !finished) return finished;
  }
  return {};
}

}  // namespace tocsin::app
