#include "src/publish/redis/key_scan.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

namespace tocsin::publish {
namespace {

// Redis matches a glob: what a prefix means literally is escaped.
std::string glob_of(std::string_view prefix) {
  std::string glob;
  for (const char c : prefix) {
    if (std::string_view("*?[]\\").find(c) != std::string_view::npos) glob += '\\';
    glob += c;
  }
  return glob + '*';
}

// One scan: SCAN, then MGET of what it found, until the cursor is 0 again. Keeps itself alive
// through the handlers it passes to `ask`.
class KeyScan : public std::enable_shared_from_this<KeyScan> {
 public:
  KeyScan(AskRedis ask, std::string prefix, std::size_t limit, ResultStore::ScanHandler handler)
      : ask_(std::move(ask)), glob_(glob_of(prefix)), limit_(limit), handler_(std::move(handler)) {}

  void next_keys() {
    ask_({"SCAN", cursor_, "MATCH", glob_, "COUNT", "512"},
         [self = shared_from_this()](Result<Reply> reply) { self->take_keys(std::move(reply)); });
  }

 private:
  void take_keys(Result<Reply> reply) {
    if (!reply) return handler_(std::move(reply).error());
    if (reply->elements.size() != 2) {
      return handler_(Error{Errc::kSyntax, "", "SCAN: expected a cursor and keys"});
    }
    cursor_ = reply->elements[0].text;
    std::vector<std::string> words = {"MGET"};
    for (Reply& key : reply->elements[1].elements) words.push_back(std::move(key.text));
    if (words.size() == 1) return advance();
    std::vector<std::string> keys(words.begin() + 1, words.end());
    ask_(std::move(words),
         [self = shared_from_this(), keys = std::move(keys)](Result<Reply> values) {
           self->take_values(keys, std::move(values));
         });
  }

  void take_values(const std::vector<std::string>& keys, Result<Reply> values) {
    if (!values) return handler_(std::move(values).error());
    const std::size_t count = std::min(keys.size(), values->elements.size());
    for (std::size_t i = 0; i < count; ++i) {
      Reply& value = values->elements[i];
      if (value.kind != Reply::Kind::kText) continue;  // an index, or expired meanwhile
      found_[keys[i]] = std::move(value.text);         // SCAN may name a key twice
      if (found_.size() > limit_) found_.erase(std::prev(found_.end()));
    }
    advance();
  }

  void advance() {
    if (cursor_ != "0") return next_keys();
    std::vector<Record> records;
    for (auto& [key, value] : found_) {
      Record& record = records.emplace_back();
      record.key = key;
      record.value = std::move(value);
    }
    handler_(std::move(records));
  }

  const AskRedis ask_;
  const std::string glob_;
  const std::size_t limit_;
  const ResultStore::ScanHandler handler_;
  std::string cursor_ = "0";
  std::map<std::string, std::string> found_;  // the smallest keys so far
};

}  // namespace

void start_key_scan(AskRedis ask, std::string prefix, std::size_t limit,
                    ResultStore::ScanHandler handler) {
  std::make_shared<KeyScan>(std::move(ask), std::move(prefix), limit, std::move(handler))
      ->next_keys();
}

}  // namespace tocsin::publish
