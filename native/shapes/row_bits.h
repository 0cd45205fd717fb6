#ifndef PLACARD_SHAPES_ROW_BITS_H_
#define PLACARD_SHAPES_ROW_BITS_H_

#include <cstdint>

namespace placard {

// Bit i of `bits` (bit i % 64 of word i / 64) says whether values[i] > threshold; NaN never is. Writes (count + 63) / 64
// words, the last one's spare bits 0. Runs on the widest vectors that DetectedCpuLevel() allows.
void BitsAbove(const float* values, int count, float threshold, uint64_t* bits);

}  // namespace placard

#endif  // PLACARD_SHAPES_ROW_BITS_H_
