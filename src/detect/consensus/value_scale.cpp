#include "src/detect/consensus/value_scale.hpp"

namespace tocsin::detect::consensus {

void ValueScale::sample(float value) {
  window_.add(value);
  quantile_low_ = window_.quantile(0.05F);
  median_ = window_.quantile(0.5F);
  quantile_high_ = window_.quantile(0.95F);
}

}  // namespace tocsin::detect::consensus
