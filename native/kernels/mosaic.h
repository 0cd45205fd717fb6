#ifndef PLACARD_KERNELS_MOSAIC_H_
#define PLACARD_KERNELS_MOSAIC_H_

#include <cstdint>

#include "base/image_view.h"

namespace placard {

// The signboard paper's degradations of a character's picture. Random numbers are SplitMix64's from `seed`, so that each is
// repeatable on every machine.

// For i = b, 2b, ... < height - 1 - b and j likewise: one random pixel of the original with row in [i - b, i] and column in
// [j - b, j] fills the square rows i - b ... i + b - 1, columns j - b ... j + b - 1 (blocks overlap: side 2b, step b).
// block >= 1. source and destination have equal size and may not overlap.
void Mosaic(const ImageView& source, int block, uint64_t seed, const MutableImageView& destination);

// Resizes (bilinear) to a random width and height, each uniform in [smallest, largest], and then to the destination's size.
// 1 <= smallest <= largest; 1 or 3 channels, equal on both sides.
void RandomResize(const ImageView& source, int smallest, int largest, uint64_t seed, const MutableImageView& destination);

}  // namespace placard

#endif  // PLACARD_KERNELS_MOSAIC_H_
