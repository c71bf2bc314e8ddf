// Riemann: Msgs in datagrams, unanswered, and on TCP and TLS, each answered.
#include "ingest/riemann/decoder.hpp"
#include "ingest/riemann/session.hpp"
#include "src/app/inputs/input_builder.hpp"

namespace tocsin::app {

Result<void> add_inputs(const settings::RiemannListener& listener, const std::string& setting,
                        const InputContext& context, Specs& specs) {
  return InputBuilder(listener, setting, context, specs)
      .datagrams([](Intake& intake) {
        return std::make_unique<riemann::Decoder>(riemann::Options{}, intake);
      })
      .streams(listener.max_record_bytes,
               [ask = context.ask, max = listener.max_record_bytes](Intake& intake) {
                 return [ask, max, &intake](listen::ConnectionCounters& counters) {
                   return std::make_unique<riemann::Session>(
                       riemann::Options{}, riemann::ReplyOptions{}, max, ask, intake, counters);
                 };
               })
      .done();
}

}  // namespace tocsin::app
