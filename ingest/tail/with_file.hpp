// Gives any decoder's events the attribute `file`, so that every line protocol can be tailed
// without knowing of files.
// Threads: as the decoder.
// Cost:    the attributes of each event are copied (views, not texts).
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::tail {

// Makes a decoder that leaves its events with the intake it is given.
using DecoderMaker = std::function<std::unique_ptr<Decoder>(Intake&)>;

// `intake` outlives what is returned. Samples, which have no attributes, pass unchanged.
[[nodiscard]] std::unique_ptr<Decoder> with_file(std::string_view path, Intake& intake,
                                                 const DecoderMaker& make);

}  // namespace tocsin::tail
