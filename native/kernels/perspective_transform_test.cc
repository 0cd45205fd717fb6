#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/opencv_vectors.h"
#include "kernels/warp_perspective.h"

namespace placard {
namespace {

constexpr Quad kRectangle = {{{0, 0}, {300, 0}, {300, 100}, {0, 100}}};
constexpr Quad kSign = {{{400.5, 300.25}, {690, 330.75}, {700.125, 440}, {390, 401.5}}};

Point Apply(const Matrix3& m, const Point& point) {
  const double w = m[6] * point.x + m[7] * point.y + m[8];
  return {(m[0] * point.x + m[1] * point.y + m[2]) / w, (m[3] * point.x + m[4] * point.y + m[5]) / w};
}

void ExpectTakes(const Matrix3& matrix, const Quad& from, const Quad& to, double tolerance) {
  for (int i = 0; i < 4; ++i) {
    const Point point = Apply(matrix, from[i]);
    EXPECT_NEAR(point.x, to[i].x, tolerance);
    EXPECT_NEAR(point.y, to[i].y, tolerance);
  }
}

TEST(PerspectiveTransform, AgreesWithOpenCV) {
  const Result<Matrix3> there = PerspectiveTransform(kRectangle, kSign), back = PerspectiveTransform(kSign, kRectangle);
  ASSERT_TRUE(there.ok() && back.ok());
  for (int i = 0; i < 9; ++i) {
    EXPECT_NEAR((*there)[i], opencv::kSignTransform[i], 1e-9 * std::abs(opencv::kSignTransform[i]));
    EXPECT_NEAR((*back)[i], opencv::kSignTransformInverse[i], 1e-9 * std::abs(opencv::kSignTransformInverse[i]));
  }
}

TEST(PerspectiveTransform, TakesCornersToCornersInLargePicturesAndTinyQuads) {
  const Quad far = {{{16000.25, 15800}, {16380.5, 15810.125}, {16370, 15900.75}, {15990, 15893.5}}};
  Quad tiny = kSign;
  for (Point& point : tiny) point = {12000 + point.x * 1e-3, 9000 + point.y * 1e-3};
  const Quad reflex = {{{0, 0}, {100, 0}, {30, 20}, {0, 100}}};  // not convex: w changes its sign inside
  for (const Quad& quad : {far, tiny, reflex}) {
    const Result<Matrix3> matrix = PerspectiveTransform(kRectangle, quad);
    ASSERT_TRUE(matrix.ok());
    ExpectTakes(*matrix, kRectangle, quad, 1e-8);
    const Result<Matrix3> inverse = PerspectiveTransform(quad, kRectangle);
    ASSERT_TRUE(inverse.ok());
    ExpectTakes(*inverse, quad, kRectangle, 1e-6);
  }
}

// The origin goes to infinity: there is no form with 1 as the last entry.
TEST(PerspectiveTransform, HandlesAHorizonThroughTheOrigin) {
  const Quad from = {{{-1, 1}, {1, 1}, {1, 2}, {-1, 2}}}, to = {{{-1, 1}, {1, 1}, {0.5, 0.5}, {-0.5, 0.5}}};
  const Result<Matrix3> matrix = PerspectiveTransform(from, to);
  ASSERT_TRUE(matrix.ok());
  ExpectTakes(*matrix, from, to, 1e-12);
}

TEST(PerspectiveTransform, RefusesCollinearAndNonFiniteCorners) {
  Quad collinear = kSign, repeated = kSign, infinite = kSign, undefined = kSign;
  collinear[1] = {(kSign[0].x + kSign[2].x) / 2, (kSign[0].y + kSign[2].y) / 2};
  repeated[3] = repeated[0];
  infinite[2].y = std::numeric_limits<double>::infinity();
  undefined[0].x = std::numeric_limits<double>::quiet_NaN();
  for (const Quad& quad : {collinear, repeated, infinite, undefined, Quad{}}) {
    EXPECT_EQ(PerspectiveTransform(quad, kRectangle).status().code(), Code::kInvalidArgument);
    EXPECT_EQ(PerspectiveTransform(kRectangle, quad).status().code(), Code::kInvalidArgument);
    EXPECT_EQ(CropTransform(quad, 100, 32).status().code(), Code::kInvalidArgument);
  }
}

TEST(CropTransform, PutsOuterCornersOnTheQuad) {
  const Result<Matrix3> matrix = CropTransform(kSign, 160, 48);
  ASSERT_TRUE(matrix.ok());
  // Pixel centers: the outer corner of the first pixel is (-0.5, -0.5) on both sides.
  const Quad corners = {{{-0.5, -0.5}, {159.5, -0.5}, {159.5, 47.5}, {-0.5, 47.5}}};
  Quad expected = kSign;
  for (Point& point : expected) point = {point.x - 0.5, point.y - 0.5};
  ExpectTakes(*matrix, corners, expected, 1e-9);
}

TEST(CropTransform, OfAWholePictureIsTheIdentity) {
  const Result<Matrix3> matrix = CropTransform(kRectangle, 300, 100);
  ASSERT_TRUE(matrix.ok());
  for (const Point& point : {Point{0, 0}, Point{299, 99}, Point{17, 60}}) {
    EXPECT_NEAR(Apply(*matrix, point).x, point.x, 1e-9);
    EXPECT_NEAR(Apply(*matrix, point).y, point.y, 1e-9);
  }
}

TEST(CropTransform, RefusesEmptyCrops) {
  EXPECT_EQ(CropTransform(kSign, 0, 48).status().code(), Code::kInvalidArgument);
  EXPECT_EQ(CropTransform(kSign, 160, -1).status().code(), Code::kInvalidArgument);
}

}  // namespace
}  // namespace placard
