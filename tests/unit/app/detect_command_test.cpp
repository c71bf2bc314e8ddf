#include "src/app/detect_command.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "tests/unit/app/scratch_file.hpp"

namespace tocsin::app {
namespace {

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;

  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> found;
    std::istringstream stream(out);
    for (std::string line; std::getline(stream, line);) found.push_back(line);
    return found;
  }
};

Outcome run(const DetectOptions& options) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_detect(options, out, err);
  return {code, out.str(), err.str()};
}

Outcome run_csv(const std::string& text, DetectOptions options = {}) {
  const test::ScratchFile file(text);
  options.csv_path = file.path();
  return run(options);
}

Outcome run_series(const std::string& text) {
  const test::ScratchFile file(text);
  DetectOptions options;
  options.series_path = file.path();
  return run(options);
}

// `count` points, ten seconds apart: 10, 11, 12, 10, ... and at the end `tail` points of 500.
std::string steady_csv(int count, int tail) {
  std::string text;
  for (int i = 0; i < count + tail; ++i) {
    text += std::to_string(1700000000 + 10 * i) + "," +
            std::to_string(i < count ? 10 + i % 3 : 500) + "\n";
  }
  return text;
}

TEST_CASE("each CSV point gives one line, echoed as given") {
  const Outcome outcome =
      run_csv("timestamp,value\n2014-04-01 00:00:00,1.50\r\n2014-04-01T00:05:00Z,2\n");
  CHECK(outcome.code == 0);
  CHECK(outcome.err == "");
  const std::vector<std::string> lines = outcome.lines();
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "timestamp,value,anomaly_score,verdict,votes");
  CHECK(lines[1] == "2014-04-01 00:00:00,1.50,0.0000,skipped,");
  CHECK(lines[2].starts_with("2014-04-01T00:05:00Z,2,"));
}

TEST_CASE("a CSV needs no header and may begin with a byte order mark") {
  CHECK(run_csv("0,1\n10,2\n").lines().size() == 3);
  CHECK(run_csv("\xEF\xBB\xBFtime,value\n0,1\n\n10,2\n").lines().size() == 3);
  CHECK(run_csv("").lines().size() == 1);
}

TEST_CASE("a clean spike turns the verdict, with score and voters") {
  const std::vector<std::string> lines = run_csv(steady_csv(600, 2)).lines();
  REQUIRE(lines.size() == 603);
  CHECK(lines[600].find(",normal,") != std::string::npos);
  CHECK(lines[602] ==
        "1700006010,500,0.7778,anomalous,mean_subtraction_cumulation|stddev_from_average|"
        "stddev_from_moving_average|least_squares|grubbs|histogram_bins|"
        "median_absolute_deviation");
}

TEST_CASE("a point is judged with the points up to it only") {
  const std::vector<std::string> with_future = run_csv(steady_csv(400, 3)).lines();
  const std::vector<std::string> without = run_csv(steady_csv(400, 0)).lines();
  for (std::size_t i = 0; i < without.size(); ++i) CHECK(with_future[i] == without[i]);
}

TEST_CASE("points of more than a day ago have left the window") {
  // A day-old spike would hide the new one from every rule of deviation.
  std::string text = "1000,100000\n";
  for (int i = 0; i < 300; ++i) {
    text += std::to_string(90000 + 10 * i) + "," + std::to_string(10 + i % 3) + "\n";
  }
  text += "93000,500\n";
  DetectOptions options;
  options.detectors = "mean_subtraction_cumulation";
  const std::vector<std::string> lines = run_csv(text, options).lines();
  CHECK(lines.back() == "93000,500,1.0000,anomalous,mean_subtraction_cumulation");
}

TEST_CASE("a list of detectors and a quorum replace the nine") {
  DetectOptions options;
  options.detectors = "mean_subtraction_cumulation,first_hour_average";
  CHECK(run_csv(steady_csv(100, 1), options).lines().back() ==
        "1700001000,500,0.5000,normal,mean_subtraction_cumulation");
  options.quorum = 1;
  CHECK(run_csv(steady_csv(100, 1), options).lines().back() ==
        "1700001000,500,0.5000,anomalous,mean_subtraction_cumulation");
}

TEST_CASE("Skyline's own rule can be asked for") {
  DetectOptions options;
  options.detectors = "median_absolute_deviation";
  const std::string text = "0,1\n10,2\n20,3\n30,4\n";
  CHECK(run_csv(text, options).lines().back() == "30,4,0.0000,normal,");
  options.skyline_compat = true;
  CHECK(run_csv(text, options).lines().back() == "30,4,0.0000,anomalous,");
}

TEST_CASE("a bad CSV line stops the file after the good ones") {
  const test::ScratchFile file("timestamp,value\n0,1\n10,oops\n20,3\n");
  DetectOptions options;
  options.csv_path = file.path();
  const Outcome outcome = run(options);
  CHECK(outcome.code == 1);
  CHECK(outcome.lines().size() == 2);
  CHECK(outcome.err ==
        file.path() + ":3:4: found 'oops', expected a finite number and nothing more\n");
}

TEST_CASE("each series gives one object, with the reference's fields") {
  const Outcome outcome =
      run_series(R"({"name":"a \"b\"","t0":0,"step":10,"values":[5,5,5],"now":20})"
                 "\n"
                 R"({"name":"old","t0":0,"step":10,"values":[5,6,5],"now":2000})"
                 "\n"
                 R"({"name":"none","t0":0,"step":10,"values":[]})"
                 "\n");
  CHECK(outcome.code == 0);
  const std::vector<std::string> lines = outcome.lines();
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == R"({"name":"a \"b\"","votes":{"first_hour_average":false,)"
                    R"("mean_subtraction_cumulation":false,"stddev_from_average":false,)"
                    R"("stddev_from_moving_average":false,"least_squares":false,"grubbs":false,)"
                    R"("histogram_bins":true,"median_absolute_deviation":false,"ks_test":false},)"
                    R"("anomalous":false,"anomalous_as_run":false,"skip":"Boring"})");
  CHECK(lines[1].ends_with(R"("skip":"Stale"})"));
  CHECK(lines[2].ends_with(R"("skip":"TooShort"})"));
}

TEST_CASE("packed series are read as plain ones are") {
  const std::string text = R"({"name":"a","t0":0,"step":10,"values":[1,2,3]})";
  CHECK(run_series(test::gzip(text)).out == run_series(text).out);
  CHECK(run_series(text).out.ends_with("\"skip\":null}\n"));
}

TEST_CASE("a bad series stops the file after the good ones") {
  const Outcome outcome =
      run_series("{\"name\":\"a\",\"t0\":0,\"step\":1,\"values\":[1]}\n\n{\"name\":1}\n");
  CHECK(outcome.code == 1);
  CHECK(outcome.lines().size() == 1);
  CHECK(outcome.err.find(":3:9: a number in 'name', expected a string\n") != std::string::npos);
}

TEST_CASE("what cannot be run is refused in one line") {
  CHECK(run({}).err == "expected a CSV file or --series FILE, and not both\n");
  DetectOptions options;
  options.csv_path = "/nonexistent.csv";
  CHECK(run(options).err == "/nonexistent.csv: cannot be opened: No such file or directory\n");
  options.detectors = "deeper";
  const Outcome outcome = run(options);
  CHECK(outcome.code == 1);
  CHECK(outcome.err.starts_with(
      "--detectors: unknown detector 'deeper', expected skyline or some of"));
  CHECK(outcome.err.find("; or, alone, consensus or deep") != std::string::npos);
}

TEST_CASE("output that cannot be written is an error") {
  const test::ScratchFile file("0,1\n");
  DetectOptions options;
  options.csv_path = file.path();
  std::ostringstream out;
  std::ostringstream err;
  out.setstate(std::ios::badbit);
  CHECK(run_detect(options, out, err) == 1);
  CHECK(err.str() == "the output cannot be written\n");
}

// `count` points, five minutes apart, of a wave; at the end one of 500.
std::string waves_csv(int count) {
  std::string text;
  for (int i = 0; i <= count; ++i) {
    text +=
        std::to_string(1700000000 + 300 * i) + "," + std::to_string(i < count ? 10 + i % 7 : 500);
    text += "\n";
  }
  return text;
}

TEST_CASE("a detector that remembers learns, and scores the point that opens an incident") {
  DetectOptions options;
  options.detectors = "consensus";
  const Outcome outcome = run_csv(waves_csv(400) + "1700120300,900\n", options);
  CHECK(outcome.code == 0);
  const std::vector<std::string> lines = outcome.lines();
  REQUIRE(lines.size() == 403);
  CHECK(lines[0] == "timestamp,value,anomaly_score,verdict,votes");
  CHECK(lines[1] == "1700000000,10,0.000000,learning,");
  CHECK(lines[400] == "1700119700,10,0.000000,normal,");
  CHECK(lines[401].starts_with("1700120000,500,"));
  CHECK_FALSE(lines[401].starts_with("1700120000,500,0.000000"));
  CHECK(lines[401].ends_with(",anomalous,consensus"));
  CHECK(lines[402] == "1700120300,900,0.000000,anomalous,consensus");  // still open
}

TEST_CASE("false alarms per week are those of a calibrated detector alone") {
  DetectOptions options;
  options.detectors = "consensus";
  options.false_alarms_per_week = 0.5;
  CHECK(run_csv("100,1\n", options).code == 0);
  for (const char* const detectors : {"deep", "skyline", "grubbs"}) {
    options.detectors = detectors;
    const Outcome outcome = run_csv("100,1\n", options);
    CHECK(outcome.code == 1);
    CHECK(outcome.err.starts_with("--false-alarms-per-week: "));
  }
}

TEST_CASE("a point not later than the one before it is not judged by a detector that remembers") {
  DetectOptions options;
  options.detectors = "consensus";
  const Outcome outcome = run_csv("100,1\n100,2\n90,3\n110,4\n", options);
  CHECK(outcome.code == 0);
  const std::vector<std::string> expected{"timestamp,value,anomaly_score,verdict,votes",
                                          "100,1,0.000000,learning,", "100,2,0.000000,skipped,",
                                          "90,3,0.000000,skipped,", "110,4,0.000000,learning,"};
  CHECK(outcome.lines() == expected);
}

TEST_CASE("a picture is written besides, of a CSV only, and not where it cannot be") {
  const test::ScratchFile picture("");
  DetectOptions options;
  options.plot_path = picture.path();
  const Outcome outcome = run_csv(steady_csv(200, 5), options);
  CHECK(outcome.code == 0);
  CHECK(outcome.lines().size() == 206);
  std::ifstream file(picture.path());
  const std::string svg(std::istreambuf_iterator<char>(file), {});
  CHECK(svg.find("</svg>") != std::string::npos);
  CHECK(svg.find("class='alarm'") != std::string::npos);
  options.plot_path = picture.path() + "/x.svg";
  CHECK(run_csv("1,2\n", options).err.find("x.svg: the picture cannot be written") !=
        std::string::npos);
  options.series_path = picture.path();
  CHECK(run(options).err.find("--plot: a picture is of one series") != std::string::npos);
}

TEST_CASE("a detector that remembers takes no --series") {
  const test::ScratchFile file("");
  DetectOptions options;
  options.series_path = file.path();
  options.detectors = "consensus";
  const Outcome outcome = run(options);
  CHECK(outcome.code == 1);
  CHECK(outcome.err.find("expected a CSV file") != std::string::npos);
}

}  // namespace
}  // namespace tocsin::app
