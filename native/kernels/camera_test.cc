#include "kernels/camera.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/cpu_level_test.h"
#include "kernels/noise_picture.h"

namespace placard {
namespace {

constexpr Matrix3 kIdentity = {1, 0, 0, 0, 1, 0, 0, 0, 1};

struct Picture {
  Picture(int width, int height) : pixels(3 * width, height, 1), view{pixels.data(), width, height, 3, pixels.row_stride()} {}

  std::vector<uint8_t> bytes() const {
    std::vector<uint8_t> all;
    for (int y = 0; y < view.height; ++y) all.insert(all.end(), view.row(y), view.row(y) + 3 * view.width);
    return all;
  }

  GuardedPlanes<uint8_t> pixels;
  MutableImageView view;
};

std::vector<uint8_t> Shot(const ImageView& background, int width, int height, const CameraSettings& camera, int columns = 0,
                          int rows = 0, const Matrix3& matrix = kIdentity) {
  Picture picture(columns > 0 ? columns : width, rows > 0 ? rows : height);
  const CancelToken cancel;
  const Status status = Photograph(background, matrix, width, height, {}, camera, cancel, picture.view);
  EXPECT_TRUE(status.ok()) << status.message();
  EXPECT_TRUE(picture.pixels.Untouched());
  return picture.bytes();
}

// All that a camera does at once.
CameraSettings Everything() {
  CameraSettings camera;
  camera.light = {{{1, 1, 0.9F}, {0.8F, 0.8F, 0.8F}, {0.5F, 0.5F, 0.5F}, {1, 1, 1}}};
  camera.spots = {{10, 10, 8, 1.5F}};
  camera.defocus = 1.4;
  camera.blur = 0.8;
  camera.motion = {3, -2};
  camera.read_noise = 3;
  camera.shot_noise = 5;
  camera.luma_share = 0.6;
  camera.grain = 0.8;
  camera.sharpen = 0.5;
  camera.curve = {1.1F, -0.02F, 0.9F, 1.2F};
  camera.seed = 4;
  return camera;
}

std::vector<uint8_t> Flat(int width, int height, uint8_t level) {
  return std::vector<uint8_t>(static_cast<size_t>(3) * width * height, level);
}

double Mean(const std::vector<uint8_t>& bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), 0.0) / static_cast<double>(bytes.size());
}

double Deviation(const std::vector<uint8_t>& bytes) {
  const double mean = Mean(bytes);
  double sum = 0;
  for (const uint8_t byte : bytes) sum += (byte - mean) * (byte - mean);
  return std::sqrt(sum / static_cast<double>(bytes.size()));
}

using CameraTest = CpuLevelTest;

TEST_P(CameraTest, ThatDoesNothingShowsTheBackground) {
  const NoisePicture noise(45, 31, 3);
  std::vector<uint8_t> expected;
  for (int y = 0; y < 31; ++y) expected.insert(expected.end(), noise.view().row(y), noise.view().row(y) + 3 * 45);
  EXPECT_EQ(Shot(noise.view(), 45, 31, {}), expected);
}

TEST_P(CameraTest, GoesOnBeyondTheBackgroundAsItsMirrorImage) {
  const NoisePicture noise(9, 7, 3);
  const std::vector<uint8_t> pixels = Shot(noise.view(), 30, 20, {}, 0, 0, {1, 0, -10, 0, 1, -6, 0, 0, 1});
  const auto mirrored = [](int i, int size) {
    while (i < 0 || i >= size) i = i < 0 ? -i : 2 * (size - 1) - i;
    return i;
  };
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 30; ++x) {
      ASSERT_EQ(pixels[3 * (30 * y + x)], noise.view().row(mirrored(y - 6, 7))[3 * mirrored(x - 10, 9)]) << x << ", " << y;
    }
  }
}

TEST_P(CameraTest, GivesTheSameBytesAgainAndOthersForAnotherSeed) {
  const NoisePicture noise(61, 40, 3);
  CameraSettings camera = Everything();
  const std::vector<uint8_t> first = Shot(noise.view(), 61, 40, camera, 33, 21);
  EXPECT_EQ(Shot(noise.view(), 61, 40, camera, 33, 21), first);
  camera.seed = 5;
  EXPECT_NE(Shot(noise.view(), 61, 40, camera, 33, 21), first);
}

TEST_P(CameraTest, DoesAllOfItAtAnySize) {
  const NoisePicture noise(20, 20, 3);
  for (const auto& [width, height] : {std::pair{1, 1}, {2, 70}, {70, 2}, {17, 16}, {128, 33}}) {
    for (const auto& [columns, rows] : {std::pair{1, 1}, {0, 0}, {40, 3}}) {
      const std::vector<uint8_t> bytes = Shot(noise.view(), width, height, Everything(), columns, rows);
      EXPECT_GT(Mean(bytes), 20);
      EXPECT_LT(Mean(bytes), 235);
    }
  }
}

TEST_P(CameraTest, BlursKeepTheLightAndTakeTheDetail) {
  const NoisePicture noise(96, 64, 3);
  const std::vector<uint8_t> sharp = Shot(noise.view(), 96, 64, {});
  CameraSettings defocused, soft, moved;
  defocused.defocus = 2;
  soft.blur = 1.5;
  moved.motion = {6, 2};
  for (const CameraSettings& camera : {defocused, soft, moved}) {
    const std::vector<uint8_t> blurred = Shot(noise.view(), 96, 64, camera);
    EXPECT_NEAR(Mean(blurred), Mean(sharp), 1.5);
    EXPECT_LT(Deviation(blurred), 0.5 * Deviation(sharp));
  }
}

TEST_P(CameraTest, GrainKeepsTheNoisesDeviation) {
  const std::vector<uint8_t> gray = Flat(200, 200, 128);
  CameraSettings camera;
  camera.read_noise = 6;
  camera.shot_noise = 8;
  for (const double grain : {0.0, 0.5, 1.2, 2.0}) {
    for (const double share : {0.0, 1.0}) {
      camera.grain = grain;
      camera.luma_share = share;
      // sqrt(6² + 8²), and rounding's 1 / 12.
      EXPECT_NEAR(Deviation(Shot({gray.data(), 200, 200, 3, 600}, 200, 200, camera)), 10, 0.6) << grain;
    }
  }
}

TEST_P(CameraTest, SharpeningUndoesSomeOfABlur) {
  const NoisePicture noise(96, 64, 3);
  CameraSettings soft, sharpened;
  soft.blur = sharpened.blur = 1;
  sharpened.sharpen = 1;
  EXPECT_GT(Deviation(Shot(noise.view(), 96, 64, sharpened)), 1.2 * Deviation(Shot(noise.view(), 96, 64, soft)));
}

TEST_P(CameraTest, LaysLayersOneAboveTheOther) {
  const std::vector<uint8_t> gray = Flat(8, 8, 100);
  std::vector<uint8_t> red, clear_blue;
  for (int i = 0; i < 64; ++i) {
    red.insert(red.end(), {250, 0, 0, 255});
    clear_blue.insert(clear_blue.end(), {0, 0, 200, 51});
  }
  const ImageView lower{red.data(), 8, 8, 4, 32}, upper{clear_blue.data(), 8, 8, 4, 32};
  Picture picture(8, 8);
  const CancelToken cancel;
  ASSERT_TRUE(Photograph({gray.data(), 8, 8, 3, 24}, kIdentity, 8, 8, {{lower, kIdentity}, {upper, kIdentity}}, {}, cancel,
                         picture.view).ok());
  const uint8_t* pixel = ImageView(picture.view).row(4) + 12;
  EXPECT_EQ(pixel[0], 200);
  EXPECT_EQ(pixel[1], 0);
  EXPECT_EQ(pixel[2], 40);
}

TEST(Camera, StopsWhenItIsCancelled) {
  const NoisePicture noise(8, 8, 3);
  Picture picture(8, 8);
  CancelToken cancel;
  cancel.Cancel();
  EXPECT_EQ(Photograph(noise.view(), kIdentity, 8, 8, {}, {}, cancel, picture.view).code(), Code::kCancelled);
}

PLACARD_EVERY_CPU_LEVEL(CameraTest);

}  // namespace
}  // namespace placard
