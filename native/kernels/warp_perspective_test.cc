#include "kernels/warp_perspective.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/cpu_level_test.h"
#include "kernels/noise_picture.h"
#include "kernels/opencv_vectors.h"

namespace placard {
namespace {

constexpr Matrix3 kIdentity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
constexpr Matrix3 kInside = {1.1, 0.2, 2.25, -0.15, 1.2, 3.5, 0.004, -0.003, 1.0};
constexpr Matrix3 kOutside = {2.6, 0.3, -4.75, -0.2, 3.3, -3.6, 0.006, 0.004, 1.0};
constexpr Border kBorders[] = {Border::kReplicate, Border::kConstant, Border::kReflect101};

BorderRule RuleOf(Border mode) { return {mode, {10, 20, 30}}; }
Normalization GrayLevels() { return {{1, 1, 1}, {0, 0, 0}, false}; }

// The reference: one source pixel, wherever it lies, and one bilinear sample in double.
double ReferencePixel(const ImageView& source, const BorderRule& border, int64_t x, int64_t y, int channel) {
  const auto index = [&](int64_t i, int64_t size) {
    if (border.mode == Border::kReplicate || size == 1) return std::clamp<int64_t>(i, 0, size - 1);
    const int64_t period = 2 * (size - 1), within = ((i % period) + period) % period;
    return std::min(within, period - within);
  };
  if (border.mode == Border::kConstant) {
    const bool inside = x >= 0 && y >= 0 && x < source.width && y < source.height;
    return inside ? source.row(static_cast<int>(y))[x * source.channels + channel] : border.value[channel];
  }
  return source.row(static_cast<int>(index(y, source.height)))[index(x, source.width) * source.channels + channel];
}

double ReferenceSample(const ImageView& source, const Matrix3& m, const BorderRule& border, double x, double y, int c) {
  const double w = m[6] * x + m[7] * y + m[8];
  const double px = (m[0] * x + m[1] * y + m[2]) / w, py = (m[3] * x + m[4] * y + m[5]) / w;
  const auto x0 = static_cast<int64_t>(std::floor(px)), y0 = static_cast<int64_t>(std::floor(py));
  const auto at = [&](int64_t column, int64_t row) { return ReferencePixel(source, border, column, row, c); };
  const double upper = at(x0, y0) + (px - x0) * (at(x0 + 1, y0) - at(x0, y0));
  const double lower = at(x0, y0 + 1) + (px - x0) * (at(x0 + 1, y0 + 1) - at(x0, y0 + 1));
  return upper + (py - y0) * (lower - upper);
}

double ReferenceMean(const ImageView& source, const Matrix3& m, const BorderRule& border, int n, int x, int y, int c) {
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      sum += ReferenceSample(source, m, border, x + (j + 0.5) / n - 0.5, y + (i + 0.5) / n - 0.5, c);
    }
  }
  return sum / (n * n);
}

// Gray levels that float places may cost on noise, where a hundredth of a pixel costs up to 2.5.
constexpr double kTolerance = 0.02;

void ExpectWarp(const ImageView& source, const Matrix3& matrix, const BorderRule& border, int width, int height) {
  SCOPED_TRACE(std::to_string(source.width) + "x" + std::to_string(source.height) + "x" + std::to_string(source.channels) +
               " to " + std::to_string(width) + "x" + std::to_string(height) + ", border " +
               std::to_string(static_cast<int>(border.mode)));
  const int channels = source.channels;
  GuardedPlanes<uint8_t> pixels(width * channels, height, 1);
  WarpPerspective(source, matrix, border, {pixels.data(), width, height, channels, pixels.row_stride()});
  GuardedPlanes<float> planes(width, height, channels);
  WarpPerspectiveNormalize(source, matrix, border, 1, GrayLevels(),
                           {planes.data(), width, height, planes.row_stride(), planes.plane_stride()});
  double worst_float = 0, worst_byte = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < channels; ++c) {
        const double expected = ReferenceSample(source, matrix, border, x, y, c);
        worst_float = std::max(worst_float, std::abs(expected - planes.at(c, y, x)));
        worst_byte = std::max(worst_byte, std::abs(expected - pixels.at(0, y, x * channels + c)));
      }
    }
  }
  EXPECT_LT(worst_float, kTolerance);
  EXPECT_LT(worst_byte, 0.5 + kTolerance);
  EXPECT_TRUE(planes.Untouched());
  EXPECT_TRUE(pixels.Untouched());
}

using WarpPerspectiveTest = CpuLevelTest;

TEST_P(WarpPerspectiveTest, AgreesWithTheReferenceAroundVectorWidths) {
  const Matrix3 inside = {0.31, 0.02, 3.4, -0.01, 0.29, 6.7, 1e-4, -2e-4, 1};
  for (const int channels : {1, 3}) {
    const NoisePicture picture(90, 40, channels, 3, 5);
    for (const int width : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 200, 257}) {
      for (const Border border : kBorders) ExpectWarp(picture.view(), inside, RuleOf(border), width, 5);
    }
  }
}

TEST_P(WarpPerspectiveTest, AgreesWithTheReferenceBeyondTheBorders) {
  for (const int channels : {1, 3}) {
    for (const auto& [width, height] : {std::pair{1, 1}, {1, 9}, {9, 1}, {2, 2}, {3, 2}, {4, 3}, {5, 7}, {33, 20}}) {
      const NoisePicture picture(width, height, channels, 5, 2);
      for (const Border border : kBorders) {
        ExpectWarp(picture.view(), kOutside, RuleOf(border), 41, 13);
        ExpectWarp(picture.view(), {0.25, 0.1, -3, -0.05, 0.3, -2, 1e-3, 1e-3, 1}, RuleOf(border), 67, 40);
      }
    }
  }
}

// The allocation ends with the last pixel: under the address sanitizer a read beyond it fails the test.
TEST_P(WarpPerspectiveTest, ReadsNothingOutsideThePicture) {
  for (const int channels : {1, 3}) {
    const NoisePicture picture(31, 6, channels, 2);
    for (int step = -15; step <= 15; ++step) {
      const double right = 30 - 1.9 + 0.1 * step, bottom = 5 - 0.4 + 0.1 * step;
      const double left = 1.9 + 0.1 * step, top = 0.1 * step;
      ExpectWarp(picture.view(), {0.1, 0, right, 0, 0.1, bottom, 0, 0, 1}, RuleOf(Border::kReplicate), 20, 5);
      ExpectWarp(picture.view(), {-0.1, 0, left, 0, 0.1, top, 0, 0, 1}, RuleOf(Border::kReplicate), 20, 5);
    }
  }
}

TEST_P(WarpPerspectiveTest, KeepsThePictureUnderTheIdentity) {
  for (const int channels : {1, 3}) {
    const NoisePicture picture(150, 9, channels, 5, 1);
    GuardedPlanes<uint8_t> pixels(150 * channels, 9, 1);
    WarpPerspective(picture.view(), kIdentity, RuleOf(Border::kConstant),
                    {pixels.data(), 150, 9, channels, pixels.row_stride()});
    for (int y = 0; y < 9; ++y) {
      for (int i = 0; i < 150 * channels; ++i) ASSERT_EQ(pixels.at(0, y, i), picture.view().row(y)[i]);
    }
  }
}

// Places near x = 16,000 keep their thousandths of a pixel, and a scaled matrix means the same map.
TEST_P(WarpPerspectiveTest, IsExactAtTheFarEndOfALargePicture) {
  const NoisePicture picture(16384, 12, 3, 9, 1);
  const Matrix3 far = {0.9, 0.01, 16100.3, 0.012, 0.8, 1.7, 2e-6, 1e-6, 1};
  ExpectWarp(picture.view(), far, RuleOf(Border::kReplicate), 290, 7);
  Matrix3 scaled = far;
  for (double& value : scaled) value *= -1e200;
  ExpectWarp(picture.view(), scaled, RuleOf(Border::kReplicate), 290, 7);
}

TEST_P(WarpPerspectiveTest, SurvivesMapsThatLeaveThePlane) {
  const NoisePicture picture(30, 20, 3);
  const double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  // The horizon crosses each row at x = 16, though both its ends lie in the picture; or all places are undefined.
  const Matrix3 horizon = {-1, 0, 10, -0.5, 0, 5, -1.0 / 16, 0, 1};
  const Matrix3 undefined[] = {{0, 0, 0, 0, 0, 0, 0, 0, 0}, {nan, 0, 0, 0, nan, 0, 0, 0, 1},
                               {1e300, 0, 0, 0, 1e300, 0, 0, 0, 0}, {infinity, 0, 0, 0, infinity, 0, 0, 0, 1}};
  for (const Border mode : kBorders) {
    GuardedPlanes<float> planes(33, 4, 3);
    const PlanarView view{planes.data(), 33, 4, planes.row_stride(), planes.plane_stride()};
    WarpPerspectiveNormalize(picture.view(), horizon, RuleOf(mode), 1, GrayLevels(), view);
    for (int x = 0; x < 33; ++x) {
      if (x == 16) continue;
      EXPECT_NEAR(planes.at(1, 2, x), ReferenceSample(picture.view(), horizon, RuleOf(mode), x, 2, 1), kTolerance * 20);
    }
    for (const Matrix3& matrix : undefined) {
      WarpPerspectiveNormalize(picture.view(), matrix, RuleOf(mode), 2, GrayLevels(), view);
      for (int x = 0; x < 33; ++x) {
        EXPECT_TRUE(planes.at(0, 0, x) >= 0 && planes.at(0, 0, x) <= 255) << "column " << x;
        if (mode == Border::kConstant && matrix[0] == 0) {
          EXPECT_EQ(planes.at(0, 0, x), 10);
        }
      }
    }
    EXPECT_TRUE(planes.Untouched());
  }
}

TEST_P(WarpPerspectiveTest, AveragesOversampledPixels) {
  Normalization normalization{{0.02F, 0.03F, 0.04F}, {-1, -2, -3}, true};
  for (const int channels : {1, 3}) {
    const NoisePicture picture(300, 120, channels, 21, 4);
    const Matrix3 matrix = {2.1, 0.3, -4.2, -0.1, 2.3, 8.6, 2e-4, 1e-4, 1};
    for (const int oversample : {1, 2, 3, 4}) {
      GuardedPlanes<float> planes(137, 40, channels);
      WarpPerspectiveNormalize(picture.view(), matrix, RuleOf(Border::kReplicate), oversample, normalization,
                               {planes.data(), 137, 40, planes.row_stride(), planes.plane_stride()});
      double worst = 0;
      for (int i = 0; i < 137 * 40 * channels; ++i) {
        const int c = i % channels, x = i / channels % 137, y = i / channels / 137;
        const double mean = ReferenceMean(picture.view(), matrix, RuleOf(Border::kReplicate), oversample, x, y,
                                          channels - 1 - c);
        const double got = (planes.at(c, y, x) - normalization.offset[c]) / normalization.scale[c];
        worst = std::max(worst, std::abs(got - mean));
      }
      EXPECT_LT(worst, kTolerance) << oversample << " samples, " << channels << " channels";
      EXPECT_TRUE(planes.Untouched());
    }
  }
}

TEST_P(WarpPerspectiveTest, TakesTheLumaOfThreeChannels) {
  const Normalization normalization{{0.02F, 9, 9}, {-1, 9, 9}, false, true};
  const NoisePicture picture(90, 60, 3, 21, 4);
  for (const Matrix3& matrix : {kInside, kOutside}) {
    for (const int width : {1, 3, 4, 8, 15, 16, 17, 128, 137}) {
      for (const int oversample : {1, 2}) {
        GuardedPlanes<float> plane(width, 9, 1);
        WarpPerspectiveNormalize(picture.view(), matrix, RuleOf(Border::kConstant), oversample, normalization,
                                 {plane.data(), width, 9, plane.row_stride(), 0});
        double worst = 0;
        for (int i = 0; i < width * 9; ++i) {
          const auto mean = [&](int c) {
            return ReferenceMean(picture.view(), matrix, RuleOf(Border::kConstant), oversample, i % width, i / width, c);
          };
          const double luma = 0.299 * mean(0) + 0.587 * mean(1) + 0.114 * mean(2);
          worst = std::max(worst, std::abs((plane.at(0, i / width, i % width) + 1) / 0.02 - luma));
        }
        EXPECT_LT(worst, kTolerance) << width << " columns, " << oversample << " samples";
        EXPECT_TRUE(plane.Untouched());
      }
    }
  }
}

TEST_P(WarpPerspectiveTest, WritesNothingForEmptyViews) {
  ImageView empty;
  const NoisePicture picture(4, 4, 3);
  GuardedPlanes<uint8_t> pixels(12, 4, 1);
  WarpPerspective(empty, kIdentity, {}, {pixels.data(), 4, 4, 3, pixels.row_stride()});
  WarpPerspective(picture.view(), kIdentity, {}, {pixels.data(), 4, 0, 3, pixels.row_stride()});
  GuardedPlanes<float> planes(4, 4, 3);
  WarpPerspectiveNormalize(empty, kIdentity, {}, 2, GrayLevels(),
                           {planes.data(), 4, 4, planes.row_stride(), planes.plane_stride()});
  for (int i = 0; i < 48; ++i) {
    EXPECT_EQ(pixels.at(0, i / 12, i % 12), GuardedPlanes<uint8_t>::kGuard);
    EXPECT_EQ(planes.at(i / 16, i / 4 % 4, i % 4), GuardedPlanes<float>::kGuard);
  }
}

TEST_P(WarpPerspectiveTest, AgreesWithOpenCV) {
  struct Case {
    int channels;
    Matrix3 matrix;
    BorderRule border;
    const float* expected;
  };
  const Case cases[] = {{3, kInside, RuleOf(Border::kReplicate), opencv::kInsideColor},
                        {1, kInside, RuleOf(Border::kReplicate), opencv::kInsideGray},
                        {3, kOutside, RuleOf(Border::kReplicate), opencv::kReplicatedColor},
                        {3, kOutside, RuleOf(Border::kReflect101), opencv::kReflectedColor},
                        {3, kOutside, RuleOf(Border::kConstant), opencv::kConstantColor},
                        {1, kOutside, RuleOf(Border::kConstant), opencv::kConstantGray}};
  for (const Case& each : cases) {
    const NoisePicture picture(19, 14, each.channels);
    GuardedPlanes<float> planes(11, 7, each.channels);
    WarpPerspectiveNormalize(picture.view(), each.matrix, each.border, 1, GrayLevels(),
                             {planes.data(), 11, 7, planes.row_stride(), planes.plane_stride()});
    for (int i = 0; i < 11 * 7 * each.channels; ++i) {
      const int c = i % each.channels, x = i / each.channels % 11, y = i / each.channels / 11;
      EXPECT_NEAR(planes.at(c, y, x), each.expected[i], 0.01);
    }
  }
  const NoisePicture picture(19, 14, 3);
  GuardedPlanes<float> luma(11, 7, 1);
  WarpPerspectiveNormalize(picture.view(), kInside, {}, 1, {{1}, {0}, false, true}, {luma.data(), 11, 7, luma.row_stride(), 0});
  for (int i = 0; i < 11 * 7; ++i) EXPECT_NEAR(luma.at(0, i / 11, i % 11), opencv::kInsideLuma[i], 0.01);
}

PLACARD_EVERY_CPU_LEVEL(WarpPerspectiveTest);

}  // namespace
}  // namespace placard
