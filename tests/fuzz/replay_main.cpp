// Runs a fuzz target without libFuzzer: each file of its corpus as it is, then mutations of them.
// The mutations are the same in every run, so what fails once fails again.
// Usage:   fuzz_replay_NAME CORPUS [MUTATIONS]   CORPUS: a folder, or one file
//          Without MUTATIONS: kRounds for each file, or as many as kBudget allows.
// Errors:  exit status 1 for an empty corpus; when the target aborts, stderr names the input and
//          the input is written to the working directory.
// Source:  the interface of the target is libFuzzer's, LLVM documentation, "Fuzz Target".

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;
using std::string_view_literals::operator""sv;
using Bytes = std::vector<std::uint8_t>;

constexpr int kRounds = 4000;                              // mutations of each file
constexpr auto kBudget = std::chrono::milliseconds{2000};  // for all mutations together
constexpr std::size_t kMaxInputBytes = 64 * 1024;

// Bytes that mean something to the formats we read: separators, signs, quotes, extremes.
constexpr std::string_view kSpecial = "\0\n\r :|@#,=.+-eE0129\"'\\(){}[]$%~_T\x7f\x80\xff"sv;

// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  // Below `limit`, which is at least 1. The bias of the remainder does not matter here.
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }

 private:
  std::uint64_t state_;
};

struct CorpusFile {
  std::string name;
  Bytes bytes;
};

// What runs now, for the message of a failure.
struct Current {
  const char* name = "";
  unsigned long long mutation = 0;  // 0: the file as it is
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
} current;

// Async-signal-safe, but for snprintf, which allocates nothing for these conversions.
extern "C" void on_abort(int) {
  char text[512];
  const int length = std::snprintf(text, sizeof text,
                                   "\nfuzz replay: the target failed on mutation %llu of %s "
                                   "(%zu bytes), kept in fuzz-replay-failure\n",
                                   current.mutation, current.name, current.size);
  if (length > 0) {
    (void)!::write(STDERR_FILENO, text,
                   std::min(sizeof text - 1, static_cast<std::size_t>(length)));
  }
  const int file = ::open("fuzz-replay-failure", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return;
  (void)!::write(file, current.data, current.size);
  ::close(file);
}

// The target gets a block of exactly this size, so that the address sanitizer sees the first byte
// read beyond it.
void run(const std::string& name, unsigned long long mutation, const Bytes& bytes) {
  const auto block = std::make_unique<std::uint8_t[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), block.get());
  current = {name.c_str(), mutation, block.get(), bytes.size()};
  LLVMFuzzerTestOneInput(block.get(), bytes.size());
}

Bytes read_bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

// In the order of their names: directory order differs from machine to machine.
std::vector<CorpusFile> read_corpus(const fs::path& corpus) {
  std::vector<CorpusFile> files;
  std::error_code error;
  if (fs::is_regular_file(corpus, error)) {
    files.push_back({corpus.filename().string(), read_bytes(corpus)});
    return files;
  }
  for (fs::directory_iterator entry(corpus, error), end; !error && entry != end;
       entry.increment(error)) {
    if (!entry->is_regular_file()) continue;
    files.push_back({entry->path().filename().string(), read_bytes(entry->path())});
  }
  std::sort(files.begin(), files.end(),
            [](const CorpusFile& a, const CorpusFile& b) { return a.name < b.name; });
  return files;
}

// Iterator to the byte at `index` of `bytes`.
Bytes::iterator at(Bytes& bytes, std::size_t index) {
  return bytes.begin() + static_cast<Bytes::difference_type>(index);
}

// One small change; `other` is what is spliced in. Leaves `bytes` valid whatever its size is.
void mutate_once(Bytes& bytes, const Bytes& other, Random& random) {
  const auto special = [&] {
    return static_cast<std::uint8_t>(kSpecial[random.below(kSpecial.size())]);
  };
  if (bytes.empty()) {
    bytes.push_back(special());
    return;
  }
  const std::size_t where = random.below(bytes.size());
  const std::size_t length = 1 + random.below(std::min<std::size_t>(bytes.size() - where, 32));
  switch (random.below(8)) {
    case 0:
      bytes[where] = static_cast<std::uint8_t>(bytes[where] ^ (1U << random.below(8)));
      break;
    case 1:
      bytes[where] = special();
      break;
    case 2:
      bytes[where] = static_cast<std::uint8_t>(random.below(256));
      break;
    case 3:
      bytes.insert(at(bytes, where), special());
      break;
    case 4:
      bytes.erase(at(bytes, where), at(bytes, where + length));
      break;
    case 5:
      bytes.resize(where);
      break;
    case 6: {  // repeat a piece
      const Bytes piece(at(bytes, where), at(bytes, where + length));
      for (std::size_t times = 1 + random.below(4); times > 0; --times) {
        bytes.insert(at(bytes, where), piece.begin(), piece.end());
      }
      break;
    }
    default: {  // put in a piece of another file
      if (other.empty()) break;
      const std::size_t from = random.below(other.size());
      const std::size_t piece = 1 + random.below(std::min<std::size_t>(other.size() - from, 64));
      const auto first = other.begin() + static_cast<Bytes::difference_type>(from);
      bytes.insert(at(bytes, where), first, first + static_cast<Bytes::difference_type>(piece));
      break;
    }
  }
}

Bytes mutated(const CorpusFile& file, const std::vector<CorpusFile>& files, Random& random) {
  Bytes bytes = file.bytes;
  for (std::size_t changes = 1 + random.below(6); changes > 0; --changes) {
    mutate_once(bytes, files[random.below(files.size())].bytes, random);
  }
  if (bytes.size() > kMaxInputBytes) bytes.resize(kMaxInputBytes);
  return bytes;
}

// Runs `wanted` mutations, taking the files in turn, or kRounds of each within kBudget when 0.
// Returns how many ran. What is run as number N does not depend on the time it took to get there.
unsigned long long run_mutations(const std::vector<CorpusFile>& files, unsigned long long wanted) {
  const auto deadline = std::chrono::steady_clock::now() + kBudget;
  const unsigned long long limit = wanted != 0 ? wanted : kRounds * files.size();
  Random random(20150601);  // any constant
  for (unsigned long long done = 0; done < limit; ++done) {
    if (wanted == 0 && std::chrono::steady_clock::now() >= deadline) return done;
    const CorpusFile& file = files[done % files.size()];
    run(file.name, done + 1, mutated(file, files, random));
  }
  return limit;
}

}  // namespace

int main(int argc, char** argv) {
  unsigned long long wanted = 0;
  if (argc == 3) {
    const char* end = argv[2] + std::strlen(argv[2]);
    const auto parsed = std::from_chars(argv[2], end, wanted);
    if (parsed.ec != std::errc{} || parsed.ptr != end) wanted = 0;
  }
  if (argc < 2 || argc > 3 || (argc == 3 && wanted == 0)) {
    std::fprintf(stderr, "usage: %s CORPUS [MUTATIONS]\n", argv[0]);
    return 2;
  }
  std::vector<CorpusFile> files = read_corpus(argv[1]);
  if (files.empty()) {
    std::fprintf(stderr, "fuzz replay: no files in %s\n", argv[1]);
    return 1;
  }
  std::signal(SIGABRT, on_abort);
  files.push_back({"(the empty input)", {}});
  for (const CorpusFile& file : files) run(file.name, 0, file.bytes);
  const unsigned long long mutations = run_mutations(files, wanted);
  std::printf("fuzz replay: %zu inputs and %llu mutations of them, no failure\n", files.size(),
              mutations);
  return 0;
}
