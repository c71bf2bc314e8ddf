// DoubleDouble: a sum kept in two doubles, of some 106 bits. For sums that numbers enter and leave
// for months: what a large number pushed out of one double would be missing when it has left.
// Cost:    add() some 10 operations, add_product() some 27, of a whole number 17; no fused multiply-add is asked for.
// Errors:  sums and products beyond 1e300 become infinite or NaN, and stay so.
// Source:  T. Dekker, "A floating-point technique for extending the available precision", 1971;
//          D. Knuth, TAOCP volume 2, 4.2.2.
#pragma once

namespace tocsin::detect {

struct DoubleDouble {
  double high = 0;
  double low = 0;  // at most half a unit of the last place of `high`

  [[nodiscard]] double value() const { return high + low; }

  void add(double number) { add_parts(number, 0); }
  void add(const DoubleDouble& number) { add_parts(number.high, number.low); }
  void add_product(double a, double b) {
    const double product = a * b;
    add_parts(product, error_of_product(a, b, product));
  }

  // The same for a whole number below 2^26.
  void add_product_of_whole(double a, double whole) {
    const double product = a * whole;
    const Halves x = split(a);
    add_parts(product, (x.upper * whole - product) + x.lower * whole);
  }

  // this * factor.
  [[nodiscard]] DoubleDouble times(double factor) const {
    DoubleDouble result;
    result.add_product(high, factor);
    result.add_product(low, factor);
    return result;
  }
  // this * this / divisor.
  [[nodiscard]] DoubleDouble square_over(double divisor) const {
    DoubleDouble square;
    square.add_product(high, high);
    square.add(2 * high * low);
    const double quotient = square.high / divisor;
    square.add_product(-quotient, divisor);  // what is left of it
    DoubleDouble result{quotient, 0};
    result.add(square.value() / divisor);
    return result;
  }

 private:
  struct Halves {
    double upper;
    double lower;
  };
  // Two numbers of 26 bits whose products are exact.
  static Halves split(double number) {
    constexpr double kSplitter = 134217729;  // 2^27 + 1
    const double scaled = kSplitter * number;
    const double upper = scaled - (scaled - number);
    return {upper, number - upper};
  }
  static double error_of_product(double a, double b, double product) {
    const Halves x = split(a);
    const Halves y = split(b);
    return ((x.upper * y.upper - product) + x.upper * y.lower + x.lower * y.upper) +
           x.lower * y.lower;
  }
  void add_parts(double number, double rest) {
    const double sum = high + number;
    const double taken = sum - high;
    const double error = (high - (sum - taken)) + (number - taken);
    const double tail = error + low + rest;
    high = sum + tail;
    low = tail - (high - sum);
  }
};

}  // namespace tocsin::detect
