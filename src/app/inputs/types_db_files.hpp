// collectd's types.db, as the settings name it for its protocols.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ingest/collectd/types_db.hpp"
#include "src/app/inputs/inputs.hpp"

namespace tocsin::app {

// What all of `files` say; of equal types the later file's. `setting`: whose key `types_db` they
// are, for complaints. What is wrong in a file has its own place.
[[nodiscard]] Result<std::shared_ptr<const collectd::TypesDb>> read_types_db(
    const std::vector<std::string>& files, const std::string& setting, const InputContext& context);

}  // namespace tocsin::app
