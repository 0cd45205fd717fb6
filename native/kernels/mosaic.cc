#include "kernels/mosaic.h"

#include <cstring>
#include <vector>

#include "kernels/resize_normalize.h"

namespace placard {
namespace {

// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers on every machine, which the standard library's distributions
// do not promise.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  // Uniform in [low, high], to one part in 2^32 / (high - low + 1).
  int Between(int low, int high) {
    const uint64_t count = static_cast<uint64_t>(static_cast<int64_t>(high) - low + 1);
    return static_cast<int>(low + static_cast<int64_t>(((Next() >> 32) * count) >> 32));
  }

 private:
  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return mixed ^ (mixed >> 31);
  }

  uint64_t state_;
};

// Fills rows top ... top + side - 1, columns left ... left + side - 1.
void FillSquare(const MutableImageView& destination, int top, int left, int side, const uint8_t* pixel) {
  const int channels = destination.channels;
  for (int y = top; y < top + side; ++y) {
    uint8_t* out = destination.row(y) + static_cast<ptrdiff_t>(left) * channels;
    for (int x = 0; x < side; ++x, out += channels) std::memcpy(out, pixel, channels);
  }
}

}  // namespace

void Mosaic(const ImageView& source, int block, uint64_t seed, const MutableImageView& destination) {
  if (source.empty()) return;
  for (int y = 0; y < source.height; ++y) {
    std::memcpy(destination.row(y), source.row(y), static_cast<size_t>(source.width) * source.channels);
  }
  Random random(seed);
  for (int i = block; i < source.height - 1 - block; i += block) {
    for (int j = block; j < source.width - 1 - block; j += block) {
      const int row = random.Between(i - block, i);
      const int column = random.Between(j - block, j);
      FillSquare(destination, i - block, j - block, 2 * block,
                 source.row(row) + static_cast<ptrdiff_t>(column) * source.channels);
    }
  }
}

void RandomResize(const ImageView& source, int smallest, int largest, uint64_t seed, const MutableImageView& destination) {
  if (source.empty()) return;
  Random random(seed);
  const int width = random.Between(smallest, largest);
  const int height = random.Between(smallest, largest);
  const ptrdiff_t stride = static_cast<ptrdiff_t>(width) * source.channels;
  std::vector<uint8_t> pixels(static_cast<size_t>(stride) * height);
  const MutableImageView between{pixels.data(), width, height, source.channels, stride};
  Resize(source, between);
  Resize(between, destination);
}

}  // namespace placard
