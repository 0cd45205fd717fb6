#include "kernels/resize_normalize.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/cpu_level_test.h"
#include "kernels/noise_picture.h"
#include "kernels/opencv_vectors.h"

namespace placard {
namespace {

// The reference: one sample of a bilinear resize in double, straight from the definition.
double ReferenceSample(const ImageView& source, int width, int height, int x, int y, int channel) {
  const auto place = [](int i, int size, int source_size) {
    return std::clamp((i + 0.5) * source_size / size - 0.5, 0.0, source_size - 1.0);
  };
  const double px = place(x, width, source.width), py = place(y, height, source.height);
  const int x0 = static_cast<int>(px), y0 = static_cast<int>(py);
  const int x1 = std::min(x0 + 1, source.width - 1), y1 = std::min(y0 + 1, source.height - 1);
  const auto pixel = [&](int row, int column) { return source.row(row)[column * source.channels + channel]; };
  const double upper = pixel(y0, x0) + (px - x0) * (pixel(y0, x1) - pixel(y0, x0));
  const double lower = pixel(y1, x0) + (px - x0) * (pixel(y1, x1) - pixel(y1, x0));
  return upper + (py - y0) * (lower - upper);
}

Normalization PerChannel() {
  Normalization normalization;
  for (int c = 0; c < 3; ++c) {
    normalization.scale[c] = 1.0F / (50 + 10 * c);
    normalization.offset[c] = -0.5F * (c + 1);
  }
  return normalization;
}

Normalization GrayLevels() { return {{1, 1, 1}, {0, 0, 0}, false}; }

// Gray levels: 14-bit weights along rows are off by half a unit at most.
constexpr double kExactness = 255.0 / (1 << 15) + 1e-4;

void ExpectResizeNormalize(const ImageView& source, int width, int height, const Normalization& normalization) {
  SCOPED_TRACE(std::to_string(source.width) + "x" + std::to_string(source.height) + "x" + std::to_string(source.channels) +
               " to " + std::to_string(width) + "x" + std::to_string(height));
  GuardedPlanes<float> planes(width, height, source.channels);
  ResizeNormalize(source, normalization,
                  {planes.data(), width, height, planes.row_stride(), planes.plane_stride()});
  double worst = 0;
  for (int c = 0; c < source.channels; ++c) {
    const int channel = normalization.reverse_channels ? source.channels - 1 - c : c;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const double expected = ReferenceSample(source, width, height, x, y, channel) * normalization.scale[c] +
                                normalization.offset[c];
        worst = std::max(worst, std::abs(expected - planes.at(c, y, x)));
      }
    }
  }
  EXPECT_LT(worst, kExactness * normalization.scale[0]);
  EXPECT_TRUE(planes.Untouched());
}

void ExpectResize(const ImageView& source, int width, int height) {
  SCOPED_TRACE(std::to_string(source.width) + "x" + std::to_string(source.height) + "x" + std::to_string(source.channels) +
               " to " + std::to_string(width) + "x" + std::to_string(height));
  GuardedPlanes<uint8_t> pixels(width * source.channels, height, 1);
  Resize(source, {pixels.data(), width, height, source.channels, pixels.row_stride()});
  double worst = 0;
  for (int y = 0; y < height; ++y) {
    for (int i = 0; i < width * source.channels; ++i) {
      const double expected =
          ReferenceSample(source, width, height, i / source.channels, y, i % source.channels);
      worst = std::max(worst, std::abs(expected - pixels.at(0, y, i)));
    }
  }
  EXPECT_LT(worst, 0.5 + kExactness);
  EXPECT_TRUE(pixels.Untouched());
}

// The luma of samples of three channels; the sample of one.
double ReferenceLuma(const ImageView& source, int width, int height, int x, int y) {
  const auto sample = [&](int channel) { return ReferenceSample(source, width, height, x, y, channel); };
  return source.channels == 1 ? sample(0) : 0.299 * sample(0) + 0.587 * sample(1) + 0.114 * sample(2);
}

void ExpectLuma(const ImageView& source, int width, int height) {
  SCOPED_TRACE(std::to_string(source.width) + "x" + std::to_string(source.height) + "x" + std::to_string(source.channels) +
               " to " + std::to_string(width) + "x" + std::to_string(height));
  const Normalization normalization{{0.02F, 9, 9}, {-1.5F, 9, 9}, false, true};
  GuardedPlanes<float> plane(width, height, 1);
  ResizeNormalize(source, normalization, {plane.data(), width, height, plane.row_stride(), 0});
  double worst = 0;
  for (int i = 0; i < width * height; ++i) {
    const double luma = ReferenceLuma(source, width, height, i % width, i / width);
    worst = std::max(worst, std::abs(luma * 0.02 - 1.5 - plane.at(0, i / width, i % width)));
  }
  EXPECT_LT(worst, kExactness * 0.02);
  EXPECT_TRUE(plane.Untouched());
}

using ResizeNormalizeTest = CpuLevelTest;

// Around the widths of 4, 8, 16, 32 and 64 lanes, and ratios on both sides of what a shuffle window holds.
TEST_P(ResizeNormalizeTest, AgreesWithTheReferenceAroundVectorWidths) {
  constexpr int kSizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 190};
  for (const int channels : {1, 3}) {
    for (const int source_width : kSizes) {
      const NoisePicture picture(source_width, 5, channels, 7, 3);
      for (const int width : kSizes) ExpectResizeNormalize(picture.view(), width, 4, PerChannel());
    }
  }
}

TEST_P(ResizeNormalizeTest, AgreesWithTheReferenceForEveryRatioOfHeights) {
  for (const int source_height : {1, 2, 3, 10, 33}) {
    const NoisePicture picture(21, source_height, 3);
    for (const int height : {1, 2, 3, 9, 10, 11, 40}) ExpectResizeNormalize(picture.view(), 17, height, PerChannel());
  }
}

TEST_P(ResizeNormalizeTest, ReversesChannels) {
  Normalization normalization = PerChannel();
  normalization.reverse_channels = true;
  ExpectResizeNormalize(NoisePicture(40, 9, 3).view(), 37, 11, normalization);
  ExpectResizeNormalize(NoisePicture(40, 9, 1).view(), 37, 11, normalization);
}

TEST_P(ResizeNormalizeTest, TakesTheLumaOfThreeChannels) {
  for (const int channels : {1, 3}) {
    for (const int source_width : {1, 2, 5, 31, 64, 190}) {
      const NoisePicture picture(source_width, 9, channels, 3, 4);
      for (const int width : {1, 3, 4, 7, 8, 15, 16, 17, 33, 65, 100}) ExpectLuma(picture.view(), width, 5);
      ExpectLuma(picture.view(), 21, 14);
    }
  }
}

TEST_P(ResizeNormalizeTest, KeepsAPictureOfTheSameSizeExactly) {
  const NoisePicture picture(77, 6, 3);
  GuardedPlanes<float> planes(77, 6, 3);
  ResizeNormalize(picture.view(), GrayLevels(), {planes.data(), 77, 6, planes.row_stride(), planes.plane_stride()});
  for (int i = 0; i < 77 * 6 * 3; ++i) {
    ASSERT_EQ(planes.at(i % 3, i / 3 / 77, i / 3 % 77), static_cast<float>(picture.view().data[i]));
  }
}

TEST_P(ResizeNormalizeTest, WritesNothingForEmptyViews) {
  const NoisePicture picture(8, 8, 3);
  GuardedPlanes<float> planes(4, 4, 3);
  ImageView empty = picture.view();
  empty.width = 0;
  ResizeNormalize(empty, GrayLevels(), {planes.data(), 4, 4, planes.row_stride(), planes.plane_stride()});
  ResizeNormalize(picture.view(), GrayLevels(), {planes.data(), 4, 0, planes.row_stride(), planes.plane_stride()});
  ResizeNormalize(picture.view(), GrayLevels(), {planes.data(), 0, 4, planes.row_stride(), planes.plane_stride()});
  for (int i = 0; i < 48; ++i) EXPECT_EQ(planes.at(i / 16, i / 4 % 4, i % 4), GuardedPlanes<float>::kGuard);

  GuardedPlanes<uint8_t> pixels(12, 4, 1);
  Resize(empty, {pixels.data(), 4, 4, 3, pixels.row_stride()});
  Resize(picture.view(), {pixels.data(), 0, 4, 3, pixels.row_stride()});
  for (int i = 0; i < 48; ++i) EXPECT_EQ(pixels.at(0, i / 12, i % 12), GuardedPlanes<uint8_t>::kGuard);
}

TEST_P(ResizeNormalizeTest, RoundsToTheNearestByte) {
  for (const int channels : {1, 3}) {
    for (const int source_width : {1, 2, 16, 31, 100, 190}) {
      const NoisePicture picture(source_width, 7, channels, 11, 5);
      for (const int width : {1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 130}) ExpectResize(picture.view(), width, 6);
    }
  }
}

TEST_P(ResizeNormalizeTest, BreaksTiesToEven) {
  const uint8_t source[] = {0, 1, 1, 2, 4, 5, 255, 254};
  uint8_t halved[4];
  Resize({source, 8, 1, 1, 8}, {halved, 4, 1, 1, 4});
  EXPECT_EQ(std::vector<uint8_t>(halved, halved + 4), (std::vector<uint8_t>{0, 2, 4, 254}));
}

TEST_P(ResizeNormalizeTest, AgreesWithOpenCV) {
  struct Case {
    int channels, width, height;
    const float* expected;
  };
  for (const Case& each : {Case{3, 23, 5, opencv::kEnlargedColor}, Case{3, 7, 9, opencv::kReducedColor},
                           Case{1, 3, 20, opencv::kReducedGray}}) {
    const NoisePicture picture(19, 14, each.channels);
    GuardedPlanes<float> planes(each.width, each.height, each.channels);
    ResizeNormalize(picture.view(), GrayLevels(),
                    {planes.data(), each.width, each.height, planes.row_stride(), planes.plane_stride()});
    const float* expected = each.expected;
    for (int y = 0; y < each.height; ++y) {
      for (int x = 0; x < each.width; ++x) {
        for (int c = 0; c < each.channels; ++c) EXPECT_NEAR(planes.at(c, y, x), *expected++, kExactness);
      }
    }
  }
  const NoisePicture picture(19, 14, 3);
  GuardedPlanes<float> luma(7, 9, 1);
  ResizeNormalize(picture.view(), {{1}, {0}, false, true}, {luma.data(), 7, 9, luma.row_stride(), 0});
  for (int i = 0; i < 7 * 9; ++i) EXPECT_NEAR(luma.at(0, i / 7, i % 7), opencv::kReducedLuma[i], kExactness);
}

PLACARD_EVERY_CPU_LEVEL(ResizeNormalizeTest);

}  // namespace
}  // namespace placard
