#include "tests/unit/detect/parity_cases.hpp"

#include <zlib.h>

#include <memory>
#include <stdexcept>

#include <rapidjson/document.h>

namespace tocsin::detect::test {
namespace {

std::string read_gzip(const std::string& path) {
  const std::unique_ptr<gzFile_s, decltype(&gzclose_r)> file(gzopen(path.c_str(), "rb"),
                                                             &gzclose_r);
  std::string text;
  if (!file) return text;
  std::string chunk(1 << 18, '\0');
  for (int count = 0; (count = gzread(file.get(), chunk.data(), 1 << 18)) > 0;) {
    text.append(chunk, 0, static_cast<std::size_t>(count));
  }
  return text;
}

double number_or_undefined(const rapidjson::Value& object, const char* key) {
  const auto member = object.FindMember(key);
  return member != object.MemberEnd() && member->value.IsNumber() ? member->value.GetDouble()
                                                                  : kUndefined;
}

ParityCase to_case(const rapidjson::Value& line) {
  ParityCase parity;
  parity.name = line["name"].GetString();
  for (const auto& value : line["values"].GetArray()) parity.values.push_back(value.GetDouble());
  if (line.HasMember("timestamps")) {
    for (const auto& time : line["timestamps"].GetArray())
      parity.times_s.push_back(time.GetDouble());
  } else {
    for (std::size_t i = 0; i < parity.values.size(); ++i) {
      parity.times_s.push_back(line["t0"].GetDouble() +
                               static_cast<double>(i) * line["step"].GetDouble());
    }
  }
  parity.now_s = line["now"].GetDouble();
  for (const auto& verdict : line["verdicts"].GetObject()) {
    parity.verdicts[verdict.name.GetString()] = verdict.value.GetBool();
  }
  for (const auto& name : line["borderline"].GetArray()) parity.borderline.insert(name.GetString());
  parity.mad_abstains = line["mad_abstains"].GetBool();
  parity.votes_true = line["votes_true"].GetUint();
  parity.votes_false = line["votes_false"].GetUint();
  parity.anomalous = line["anomalous"].GetBool();
  parity.anomalous_as_run = line["anomalous_as_run"].GetBool();
  if (line["skip"].IsString()) parity.skip = line["skip"].GetString();
  const rapidjson::Value& ks = line["margin"]["ks_test"];
  parity.adf_tau = number_or_undefined(ks, "adf_tau");
  parity.ks_distance = number_or_undefined(ks, "stat");
  return parity;
}

}  // namespace

std::vector<ParityCase> read_parity_cases(const std::string& path) {
  const std::string text = read_gzip(path);
  std::vector<ParityCase> cases;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) throw std::runtime_error(path + " ends within a line");
    rapidjson::Document line;
    line.Parse<rapidjson::kParseFullPrecisionFlag>(text.data() + begin, end - begin);
    if (line.HasParseError()) throw std::runtime_error(path + " holds a line that is not JSON");
    cases.push_back(to_case(line));
    begin = end + 1;
  }
  return cases;
}

}  // namespace tocsin::detect::test
