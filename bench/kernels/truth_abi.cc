#include <cstddef>
#include <cstring>
#include <span>

#include "bench_abi.h"
#include "kernels/gaussian_map.h"
#include "shapes/watershed.h"
#include "shapes/word_split.h"

// Maps are packed rows; quads are 8 numbers each; presets and kinds are counted as their headers name them.

// Draws onto a map of zeros.
PLACARD_BENCH_ABI void placard_bench_gaussian_map(const double* quads, int count, int preset, int kind, unsigned char* map,
                                                  int width, int height) {
  static_assert(sizeof(placard::Quad) == 8 * sizeof(double));
  std::memset(map, 0, static_cast<size_t>(width) * height);
  placard::GaussianMap({reinterpret_cast<const placard::Quad*>(quads), static_cast<size_t>(count)},
                       static_cast<placard::GaussianPreset>(preset), static_cast<placard::GaussianKind>(kind),
                       {map, width, height, 1, width});
}

PLACARD_BENCH_ABI void placard_bench_watershed(const unsigned char* levels, int width, int height, int* labels) {
  const size_t pixels = static_cast<size_t>(width) * height;
  placard::Watershed({levels, pixels}, width, height, {labels, pixels});
}

// At most `most` quads are written; returns how many there are, or -1.
PLACARD_BENCH_ABI int placard_bench_split_word(const float* map, int width, int height, int preset, double* quads,
                                               int most) {
  const auto found =
      placard::SplitWord({map, width, height, width}, static_cast<placard::SplitPreset>(preset), nullptr);
  if (!found.ok()) return -1;
  for (size_t i = 0; i < found->size() && i < static_cast<size_t>(most); ++i) {
    std::memcpy(quads + 8 * i, (*found)[i].data(), sizeof(placard::Quad));
  }
  return static_cast<int>(found->size());
}
