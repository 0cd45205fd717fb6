#ifndef PLACARD_KERNELS_HOMOGRAPHY_H_
#define PLACARD_KERNELS_HOMOGRAPHY_H_

#include "base/geometry.h"

namespace placard {

inline Matrix3 Multiply(const Matrix3& a, const Matrix3& b) {
  Matrix3 product{};
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 3; ++k) product[3 * i + j] += a[3 * i + k] * b[3 * k + j];
    }
  }
  return product;
}

// The inverse, times the determinant.
inline Matrix3 Adjugate(const Matrix3& m) {
  return {m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
          m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
          m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]};
}

inline Matrix3 Translation(double x, double y) { return {1, 0, x, 0, 1, y, 0, 0, 1}; }

// The same map of pixels whose first has its center at (0, 0), where `matrix` has the first pixel's outer corner there.
inline Matrix3 BetweenCenters(const Matrix3& matrix) {
  return Multiply(Translation(-0.5, -0.5), Multiply(matrix, Translation(0.5, 0.5)));
}

}  // namespace placard

#endif  // PLACARD_KERNELS_HOMOGRAPHY_H_
