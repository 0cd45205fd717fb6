#ifndef PLACARD_SEQUENCE_ROW_SCAN_H_
#define PLACARD_SEQUENCE_ROW_SCAN_H_

namespace placard {

// Scans over one step's classes: thousands of floats of which a handful matter, so memory bandwidth is the floor.
// Each runs on the widest vectors that DetectedCpuLevel() allows.

struct RowMaximum {
  int index = -1;  // -1: no value is greater than -infinity
  float value = 0;
};

// The greatest of values[0] ... values[count - 1], the lowest index among equals. NaN never wins.
RowMaximum MaximumOf(const float* values, int count);

// Sum of exp(values[i] - maximum); terms that are NaN or under exp(-87) count as 0. No value may exceed `maximum`, which is
// finite. Relative error under 1e-5.
double ExpSum(const float* values, int count, float maximum);

// Writes the indices, rising, of the values >= floor to `indices`, which has room for `count`; returns how many there are.
// NaN never is.
int CollectAtLeast(const float* values, int count, float floor, int* indices);

}  // namespace placard

#endif  // PLACARD_SEQUENCE_ROW_SCAN_H_
