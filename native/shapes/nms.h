#ifndef PLACARD_SHAPES_NMS_H_
#define PLACARD_SHAPES_NMS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "base/geometry.h"

namespace placard {

// Area of the intersection of two convex quads over that of their union; 0 for degenerate or non-finite ones.
double QuadIou(const Quad& a, const Quad& b);

// Greedy non-maximum suppression: candidates by falling score (ties by index) are kept unless their IoU with one kept of the
// same class is > threshold. `classes` may be empty (one class) or hold one id a box. Returns the kept indices by falling score.
// Boxes that are not finite, or whose score is NaN, are never kept.
std::vector<int> Nms(std::span<const Quad> boxes, std::span<const float> scores, std::span<const int32_t> classes,
                     double threshold);

}  // namespace placard

#endif  // PLACARD_SHAPES_NMS_H_
