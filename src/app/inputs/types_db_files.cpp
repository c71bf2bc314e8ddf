#include "src/app/inputs/types_db_files.hpp"

#include <utility>

#include "src/settings/complaints.hpp"
#include "src/settings/read_file.hpp"

namespace tocsin::app {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{4} << 20;

}  // namespace

Result<std::shared_ptr<const collectd::TypesDb>> read_types_db(
    const std::vector<std::string>& files, const std::string& setting,
    const InputContext& context) {
  auto types = std::make_shared<collectd::TypesDb>();
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto text = settings::read_file(files[i], kMaxFileBytes);
    if (!text) {
      return settings::complaint_about(context.places,
                                       setting + ".types_db[" + std::to_string(i) + "]",
                                       text.error(), "the path of a types.db");
    }
    auto parsed = collectd::TypesDb::parse(*text, files[i]);
    if (!parsed) return parsed.error();
    types->merge(*parsed);
  }
  return std::shared_ptr<const collectd::TypesDb>(std::move(types));
}

}  // namespace tocsin::app
