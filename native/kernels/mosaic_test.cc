#include "kernels/mosaic.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "kernels/noise_picture.h"
#include "kernels/resize_normalize.h"

namespace placard {
namespace {

using Pixel = std::vector<uint8_t>;

// A picture that a kernel wrote, with guards around it.
struct Canvas {
  Canvas(int width, int height, int channels) : channels(channels), pixels(width * channels, height, 1),
        view{pixels.data(), width, height, channels, pixels.row_stride()} {}

  int channels;
  GuardedPlanes<uint8_t> pixels;
  MutableImageView view;
};

Pixel PixelAt(const ImageView& image, int y, int x) {
  const uint8_t* pixel = image.row(y) + x * image.channels;
  return Pixel(pixel, pixel + image.channels);
}

bool SamePictures(const ImageView& a, const ImageView& b) {
  for (int y = 0; y < a.height; ++y) {
    if (std::memcmp(a.row(y), b.row(y), static_cast<size_t>(a.width) * a.channels) != 0) return false;
  }
  return true;
}

// Where every pixel has its own color, a square's color tells the pixel that was drawn.
std::vector<uint8_t> DistinctPixels(int width, int height) {
  std::vector<uint8_t> bytes;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) bytes.insert(bytes.end(), {static_cast<uint8_t>(x), static_cast<uint8_t>(y), 9});
  }
  return bytes;
}

TEST(Mosaic, FillsOverlappingSquaresFromThePixelsAboveAndLeft) {
  for (const int block : {1, 2, 3, 7}) {
    const int width = 41, height = 30;
    const std::vector<uint8_t> bytes = DistinctPixels(width, height);
    const ImageView source{bytes.data(), width, height, 3, width * 3};
    Canvas canvas(width, height, 3);
    Mosaic(source, block, 5, canvas.view);
    EXPECT_TRUE(canvas.pixels.Untouched());
    const ImageView result = canvas.view;
    const int last_row = (height - 2 - block) / block * block, last_column = (width - 2 - block) / block * block;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        if (y >= last_row + block || x >= last_column + block) {
          ASSERT_EQ(PixelAt(result, y, x), PixelAt(source, y, x));
          continue;
        }
        // Later squares cover earlier ones: a pixel shows the square with the largest i and then j that contains it.
        const int i = std::min(last_row, (y / block + 1) * block), j = std::min(last_column, (x / block + 1) * block);
        const Pixel pixel = PixelAt(result, y, x);
        ASSERT_EQ(pixel, PixelAt(result, i - block, j - block));
        ASSERT_TRUE(pixel[0] >= j - block && pixel[0] <= j && pixel[1] >= i - block && pixel[1] <= i)
            << "block " << block << ", row " << y << ", column " << x;
      }
    }
  }
}

TEST(Mosaic, DrawsEveryPixelOfASquareEquallyOften) {
  const std::vector<uint8_t> bytes = DistinctPixels(7, 7);
  const ImageView source{bytes.data(), 7, 7, 3, 21};
  std::map<Pixel, int> counts;
  constexpr int kDraws = 9000;
  for (int seed = 0; seed < kDraws; ++seed) {
    Canvas canvas(7, 7, 3);
    Mosaic(source, 2, seed, canvas.view);
    ++counts[PixelAt(canvas.view, 0, 0)];
  }
  ASSERT_EQ(counts.size(), 9U);
  // Five standard deviations of a count of 1000 in 9000.
  for (const auto& [pixel, count] : counts) EXPECT_NEAR(count, kDraws / 9, 150);
}

TEST(Mosaic, IsRepeatableAndDependsOnTheSeed) {
  const NoisePicture picture(64, 48, 3, 1, 7);
  Canvas first(64, 48, 3), again(64, 48, 3), other(64, 48, 3);
  Mosaic(picture.view(), 4, 12, first.view);
  Mosaic(picture.view(), 4, 12, again.view);
  Mosaic(picture.view(), 4, 13, other.view);
  EXPECT_TRUE(SamePictures(first.view, again.view));
  EXPECT_FALSE(SamePictures(first.view, other.view));
}

TEST(Mosaic, DrawsTheDocumentedNumbers) {
  // The generator is part of the contract, for data sets are named by their seeds: columns of the first squares' pixels,
  // from SplitMix64 written down in another language.
  const std::vector<uint8_t> bytes = DistinctPixels(64, 64);
  Canvas canvas(64, 64, 3);
  Mosaic({bytes.data(), 64, 64, 3, 192}, 7, 2024, canvas.view);
  std::vector<int> drawn;
  for (int j = 0; j < 5; ++j) drawn.push_back(PixelAt(canvas.view, 0, 7 * j)[0] - 7 * j);
  EXPECT_EQ(drawn, (std::vector<int>{0, 0, 4, 4, 3}));
}

TEST(Mosaic, CopiesPicturesThatAreTooSmall) {
  for (const auto& [width, height] : {std::pair{1, 1}, {3, 50}, {50, 3}, {4, 4}}) {
    const NoisePicture picture(width, height, 1);
    Canvas canvas(width, height, 1);
    Mosaic(picture.view(), 3, 1, canvas.view);
    EXPECT_TRUE(SamePictures(picture.view(), canvas.view));
    EXPECT_TRUE(canvas.pixels.Untouched());
  }
}

TEST(RandomResize, IsTwoResizesWithEverySizeOfTheRange) {
  const NoisePicture picture(20, 15, 3);
  std::set<std::pair<int, int>> seen;
  for (int seed = 0; seed < 300; ++seed) {
    Canvas actual(24, 24, 3);
    RandomResize(picture.view(), 3, 6, seed, actual.view);
    ASSERT_TRUE(actual.pixels.Untouched());
    int matches = 0;
    for (int width = 3; width <= 6; ++width) {
      for (int height = 3; height <= 6; ++height) {
        Canvas between(width, height, 3), expected(24, 24, 3);
        Resize(picture.view(), between.view);
        Resize(between.view, expected.view);
        if (!SamePictures(actual.view, expected.view)) continue;
        ++matches;
        seen.insert({width, height});
      }
    }
    ASSERT_EQ(matches, 1);
  }
  EXPECT_EQ(seen.size(), 16U);
}

TEST(RandomResize, IsRepeatable) {
  const NoisePicture picture(33, 21, 1);
  Canvas first(32, 32, 1), again(32, 32, 1);
  RandomResize(picture.view(), 18, 56, 3, first.view);
  RandomResize(picture.view(), 18, 56, 3, again.view);
  EXPECT_TRUE(SamePictures(first.view, again.view));
}

}  // namespace
}  // namespace placard
