#include "src/app/detect_command.hpp"

#include <charconv>
#include <fstream>
#include <memory>
#include <optional>
#include <ostream>
#include <string_view>
#include <vector>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "src/app/line_reader.hpp"
#include "src/app/series_file.hpp"
#include "src/app/series_plot.hpp"
#include "src/detect/consensus/open_incident.hpp"
#include "src/detect/ensemble.hpp"
#include "src/detect/skyline.hpp"
#include "src/detect/stream_detectors.hpp"

namespace tocsin::app {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr int kScoreDigits = 6;  // of a detector that remembers; after the point

// The points of the last day, contiguous. Times that go backwards are kept in the order they came;
// only the oldest in that order leave.
class DayWindow {
 public:
  void add(double time_s, double value) {
    while (begin_ < times_s_.size() && times_s_[begin_] <= time_s - detect::kFullDuration_s) {
      ++begin_;
    }
    if (begin_ > times_s_.size() / 2) {  // moved once per point on average
      times_s_.erase(times_s_.begin(), times_s_.begin() + static_cast<std::ptrdiff_t>(begin_));
      values_.erase(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(begin_));
      begin_ = 0;
    }
    times_s_.push_back(time_s);
    values_.push_back(value);
  }

  [[nodiscard]] std::size_t size() const { return values_.size() - begin_; }

  // As seen at the time of the newest point. Precondition: one was added.
  [[nodiscard]] Window view() const {
    return {std::span(times_s_).subspan(begin_), std::span(values_).subspan(begin_),
            times_s_.back()};
  }

 private:
  std::vector<double> times_s_;
  std::vector<double> values_;
  std::size_t begin_ = 0;
};

std::string_view word_for(const detect::Verdict& verdict) {
  if (verdict.skip != detect::Skip::kNone) return "skipped";
  return verdict.alarming ? "anomalous" : "normal";
}

// Up to and with the comma after the score.
void write_point_and_score(const CsvPoint& point, double score, int digits, std::ostream& out) {
  char text[32];
  const char* const end =
      std::to_chars(text, text + sizeof text, score, std::chars_format::fixed, digits).ptr;
  out << point.timestamp << ',' << point.value_text << ','
      << std::string_view(text, static_cast<std::size_t>(end - text)) << ',';
}

void write_csv_line(const CsvPoint& point, const detect::Ensemble& ensemble,
                    const detect::Verdict& verdict, std::ostream& out) {
  const bool judged = verdict.skip == detect::Skip::kNone;
  const double share = static_cast<double>(verdict.votes_true) / static_cast<double>(verdict.size);
  write_point_and_score(point, judged ? share : 0, 4, out);
  out << word_for(verdict) << ',';
  std::string_view separator;
  for (std::size_t i = 0; judged && i < verdict.size; ++i) {
    if (!verdict.votes[i].fired) continue;
    out << separator << ensemble.detectors()[i].name;
    separator = "|";
  }
  out << '\n';
}

void write_series_line(std::string_view name, const detect::Ensemble& ensemble,
                       const detect::Verdict& verdict, std::ostream& out) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  const auto text = [&](std::string_view word) {
    writer.String(word.data(), static_cast<rapidjson::SizeType>(word.size()));
  };
  writer.StartObject();
  writer.Key("name");
  text(name);
  writer.Key("votes");
  writer.StartObject();
  for (std::size_t i = 0; i < verdict.size; ++i) {
    text(ensemble.detectors()[i].name);
    writer.Bool(verdict.votes[i].fired);
  }
  writer.EndObject();
  writer.Key("anomalous");
  writer.Bool(verdict.anomalous);
  writer.Key("anomalous_as_run");
  writer.Bool(verdict.anomalous_as_run);
  writer.Key("skip");
  if (verdict.skip == detect::Skip::kNone) {
    writer.Null();
  } else {
    text(detect::to_string(verdict.skip));
  }
  writer.EndObject();
  out << std::string_view(buffer.GetString(), buffer.GetSize()) << '\n';
}

Result<void> written(const std::ostream& out) {
  if (out) return {};
  return Error{Errc::kIo, "", "the output cannot be written"};
}

// Hands each point of a CSV to `judge`, which writes its line or refuses it.
template <class Judge>
Result<void> read_csv(LineReader& reader, std::ostream& out, Judge judge) {
  out << "timestamp,value,anomaly_score,verdict,votes\n";
  for (;;) {
    const Result<std::optional<std::string_view>> next = reader.next();
    if (!next) return next.error();
    if (!next->has_value()) return written(out);
    std::string_view line = **next;
    if (reader.line() == 1) {
      if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
      if (looks_like_csv_header(line)) continue;
    }
    if (line.empty()) continue;
    const LinePlace place{reader.name(), reader.line()};
    const Result<CsvPoint> point = parse_csv_point(line, place);
    if (!point) return point.error();
    if (Result<void> judged = judge(*point, place); !judged) return judged;
    if (Result<void> state = written(out); !state) return state;
  }
}

// `plot`: null: no picture is wanted; so for all of these.
Result<void> detect_csv(LineReader& reader, const detect::Ensemble& ensemble, SeriesPlot* plot,
                        std::ostream& out) {
  DayWindow window;
  Scratch scratch;
  return read_csv(reader, out, [&](const CsvPoint& point, const LinePlace& place) -> Result<void> {
    if (window.size() == kMaxSeriesPoints) {
      return Error{
          Errc::kLimit, place.column(1),
          "more than " + std::to_string(kMaxSeriesPoints) + " points within a day, expected fewer"};
    }
    window.add(point.time_s, point.value);
    const detect::Verdict verdict = ensemble.judge(window.view(), scratch);
    write_csv_line(point, ensemble, verdict, out);
    if (plot != nullptr) {
      plot->add({point.time_s, point.value, verdict.expected_low, verdict.expected_high,
                 verdict.alarming, verdict.skip == detect::Skip::kNone});
    }
    return {};
  });
}

std::string_view word_for(const Vote& vote) {
  if (vote.abstained) return "learning";
  if (vote.fired) return "anomalous";
  return vote.noticed ? "noticed" : "normal";
}

Result<void> stream_csv(LineReader& reader, const StreamDetectorType& type,
                        const StreamDetectorOptions& settings, SeriesPlot* plot,
                        std::ostream& out) {
  const std::unique_ptr<StreamDetector> detector = type.make(settings);
  detect::consensus::OpenIncident incident;
  std::optional<double> last_s;
  return read_csv(reader, out, [&](const CsvPoint& point, const LinePlace&) -> Result<void> {
    if (last_s && point.time_s <= *last_s) {
      write_point_and_score(point, 0, kScoreDigits, out);
      out << "skipped,\n";
      return {};
    }
    last_s = point.time_s;
    const Vote vote = detector->update({point.time_s, point.value});
    const bool reached = vote.noticed || (vote.fired && vote.statistic >= vote.threshold);
    const bool opened = incident.update(reached);
    write_point_and_score(point, opened ? vote.statistic : 0, kScoreDigits, out);
    out << word_for(vote) << ',' << (vote.fired ? type.name : "") << '\n';
    if (plot != nullptr) {
      plot->add({point.time_s, point.value, vote.expected_low, vote.expected_high, vote.fired,
                 !vote.abstained});
    }
    return {};
  });
}

Result<void> detect_series(LineReader& reader, const detect::Ensemble& ensemble,
                           std::ostream& out) {
  Scratch scratch;
  for (;;) {
    const Result<std::optional<std::string_view>> next = reader.next();
    if (!next) return next.error();
    if (!next->has_value()) return written(out);
    if ((*next)->empty()) continue;
    const Result<Series> series = parse_series(**next, {reader.name(), reader.line()});
    if (!series) return series.error();
    const Window window{series->times_s, series->values, series->now_s};
    write_series_line(series->name, ensemble, ensemble.judge(window, scratch), out);
    if (Result<void> state = written(out); !state) return state;
  }
}

Result<void> detect_stream(const StreamDetectorType& type, const DetectOptions& options,
                           SeriesPlot* plot, std::ostream& out) {
  if (options.csv_path.empty()) {
    return Error{Errc::kUnsupported, "",
                 "--series with '" + std::string(type.name) +
                     "', which judges points as they come: expected a CSV file"};
  }
  StreamDetectorOptions settings;
  if (options.false_alarms_per_week > 0) {
    if (!type.calibrated) {
      return Error{Errc::kUnsupported, "--false-alarms-per-week",
                   "'" + std::string(type.name) + "' has a threshold of its own"};
    }
    settings.false_alarms_per_week = options.false_alarms_per_week;
  }
  Result<LineReader> reader = LineReader::open(options.csv_path, {});
  if (!reader) return reader.error();
  return stream_csv(*reader, type, settings, plot, out);
}

std::string stream_detector_names() {
  std::string names;
  for (const StreamDetectorType& type : detect::stream_detectors()) {
    if (!names.empty()) names += " or ";
    names += type.name;
  }
  return names;
}

Result<void> detect_file(const DetectOptions& options, SeriesPlot* plot, std::ostream& out) {
  if (options.csv_path.empty() == options.series_path.empty()) {
    return Error{Errc::kSyntax, "", "expected a CSV file or --series FILE, and not both"};
  }
  if (!options.plot_path.empty() && options.csv_path.empty()) {
    return Error{Errc::kUnsupported, "--plot", "a picture is of one series: expected a CSV file"};
  }
  if (const StreamDetectorType* const type = detect::find_stream_detector(options.detectors)) {
    return detect_stream(*type, options, plot, out);
  }
  if (options.false_alarms_per_week > 0) {
    return Error{Errc::kUnsupported, "--false-alarms-per-week",
                 "for a detector that is calibrated: expected --detectors consensus"};
  }
  const auto rule =
      options.skyline_compat ? detect::Consensus::kSkylineCompat : detect::Consensus::kQuorum;
  const Result<detect::Ensemble> ensemble =
      detect::Ensemble::parse(options.detectors, options.quorum, rule);
  if (!ensemble) {
    Error error = ensemble.error();
    error.where = "--detectors";
    if (error.code == Errc::kUnknownName) error.text += "; or, alone, " + stream_detector_names();
    return error;
  }
  const bool csv = !options.csv_path.empty();
  Result<LineReader> reader = LineReader::open(csv ? options.csv_path : options.series_path, {});
  if (!reader) return reader.error();
  return csv ? detect_csv(*reader, *ensemble, plot, out) : detect_series(*reader, *ensemble, out);
}

Result<void> write_plot(const SeriesPlot& plot, const DetectOptions& options) {
  std::ofstream file(options.plot_path);
  plot.write(options.csv_path + ", " + options.detectors, file);
  file.close();
  if (file) return {};
  return Error{Errc::kIo, options.plot_path, "the picture cannot be written"};
}

}  // namespace

int run_detect(const DetectOptions& options, std::ostream& out, std::ostream& err) {
  SeriesPlot plot;
  const bool plots = !options.plot_path.empty();
  Result<void> done = detect_file(options, plots ? &plot : nullptr, out);
  out.flush();
  if (done && plots) done = write_plot(plot, options);
  if (done) return 0;
  err << done.error().message() << '\n';
  return 1;
}

}  // namespace tocsin::app
