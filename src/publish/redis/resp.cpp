#include "src/publish/redis/resp.hpp"

#include <hiredis.h>

#include <new>
#include <utility>

namespace tocsin::publish {

// What the reply being built may still take.
struct ReplyReader::Budget {
  explicit Budget(std::size_t max) : max_bytes(max), left_bytes(max) {}

  bool take(std::size_t bytes) noexcept {
    if (bytes > left_bytes) return exceeded = true, false;
    left_bytes -= bytes;
    return true;
  }

  const std::size_t max_bytes;
  std::size_t left_bytes;
  bool exceeded = false;
};

namespace {

// hiredis calls these with C linkage in mind; none may throw. The object of the outermost reply is
// a `new Reply`; every inner one lives in its parent's elements.
template <class Budget>
struct Build {
  static Reply* place(const redisReadTask* task, std::size_t bytes) noexcept {
    auto* budget = static_cast<Budget*>(task->privdata);
    if (!budget->take(bytes + sizeof(Reply))) return nullptr;
    if (task->parent == nullptr) return new (std::nothrow) Reply;
    auto* parent = static_cast<Reply*>(task->parent->obj);
    return &parent->elements[static_cast<std::size_t>(task->idx)];
  }

  static void* text(const redisReadTask* task, char* bytes, std::size_t size) {
    Reply* reply = place(task, size);
    if (reply == nullptr) return nullptr;
    reply->kind = task->type == REDIS_REPLY_ERROR    ? Reply::Kind::kError
                  : task->type == REDIS_REPLY_STATUS ? Reply::Kind::kStatus
                                                     : Reply::Kind::kText;
    reply->text.assign(bytes, size);
    return reply;
  }

  static void* array(const redisReadTask* task, int elements) {
    const std::size_t count = elements > 0 ? static_cast<std::size_t>(elements) : 0;
    // Checked before anything is allocated for the claim.
    auto* budget = static_cast<Budget*>(task->privdata);
    if (count > budget->left_bytes / sizeof(Reply)) {
      budget->exceeded = true;
      return nullptr;
    }
    Reply* reply = place(task, 0);
    if (reply == nullptr) return nullptr;
    reply->kind = Reply::Kind::kArray;
    reply->elements.resize(count);
    return reply;
  }

  static void* integer(const redisReadTask* task, long long value) {
    Reply* reply = place(task, 0);
    if (reply == nullptr) return nullptr;
    reply->kind = Reply::Kind::kInteger;
    reply->integer = value;
    return reply;
  }

  static void* nil(const redisReadTask* task) { return place(task, 0); }

  static void release(void* object) { delete static_cast<Reply*>(object); }

  static inline redisReplyObjectFunctions functions = {text, array, integer, nil, release};
};

}  // namespace

void append_command(std::span<const std::string_view> words, std::string& out) {
  std::vector<const char*> starts;
  std::vector<std::size_t> sizes;
  starts.reserve(words.size());
  sizes.reserve(words.size());
  for (const std::string_view word : words) {
    starts.push_back(word.data());
    sizes.push_back(word.size());
  }
  char* command = nullptr;
  const int size =
      redisFormatCommandArgv(&command, static_cast<int>(words.size()), starts.data(), sizes.data());
  if (size < 0) throw std::bad_alloc();  // the formatter's only failure
  out.append(command, static_cast<std::size_t>(size));
  redisFreeCommand(command);
}

std::string_view error_name(const Reply& reply) noexcept {
  const std::string_view text = reply.text;
  return text.substr(0, text.find(' '));
}

ReplyReader::ReplyReader(std::size_t max_reply_bytes)
    : budget_(std::make_unique<Budget>(max_reply_bytes)),
      reader_(redisReaderCreateWithFunctions(&Build<Budget>::functions)) {
  if (reader_ == nullptr) throw std::bad_alloc();
  reader_->privdata = budget_.get();
}

ReplyReader::~ReplyReader() {
  redisReaderFree(reader_);
}

Result<void> ReplyReader::feed(std::string_view bytes) {
  // What is fed and not yet part of a reply: the start of a text that is still on its way.
  if (reader_->len - reader_->pos + bytes.size() > 2 * budget_->max_bytes) {
    return Error{Errc::kLimit, "", "reply larger than the limit"};
  }
  if (redisReaderFeed(reader_, bytes.data(), bytes.size()) != REDIS_OK) {
    return Error{Errc::kSyntax, "", redisReaderGetError(reader_)};
  }
  return {};
}

Result<std::optional<Reply>> ReplyReader::next() {
  void* object = nullptr;
  if (redisReaderGetReply(reader_, &object) != REDIS_OK) {
    if (budget_->exceeded) return Error{Errc::kLimit, "", "reply larger than the limit"};
    return Error{Errc::kSyntax, "", redisReaderGetError(reader_)};
  }
  if (object == nullptr) return std::optional<Reply>();
  const std::unique_ptr<Reply> reply(static_cast<Reply*>(object));
  budget_->left_bytes = budget_->max_bytes;
  return std::optional<Reply>(std::move(*reply));
}

}  // namespace tocsin::publish
