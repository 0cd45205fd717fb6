#ifndef PLACARD_SHAPES_CRAFT_POLYGON_H_
#define PLACARD_SHAPES_CRAFT_POLYGON_H_

#include <span>
#include <vector>

#include "base/geometry.h"
#include "shapes/bit_map.h"
#include "shapes/connected_components.h"

namespace placard {

// The outline of a bent word, by the rule of the code published with CRAFT (Baek et al., 2019). Keeps its memory from word
// to word.
//
// The component's pixels, links too, are sampled on a grid of w x h, the box's sides plus one, whose first column and row
// are the box's left and upper side. A column of at least two such pixels has a center and a height, both from the first to
// the last.
//   - No polygon where w or h is less than 10 or where some column is higher than 0.7 h: the box says it all.
//   - The columns are shared out to 11 segments of w / 11 each. A segment's mean center is over its columns; the second,
//     fourth, ... tenth segment's highest column is a pivot. No polygon if a segment has no columns, or if w / 11 is less
//     than a quarter of the highest pivot.
//   - With 0.725 of the pivots' median height as the half height, a point above and one below each pivot, at right angles
//     to the line through its two neighbor segments' means.
//   - Beyond the first pivot, and likewise beyond the last, its two points again, moved outwards by 2 r half heights, and
//     up or down by as much times the sum of the first two slopes between pivots: the first r of 0.5, 0.7, ... 1.7 whose
//     line between the two (coordinates truncated) meets none of the component's pixels, or 1.7.
// The polygon has 14 points: the upper ones from the start to the end and the lower ones back, in the box's coordinates,
// which have (0, 0) at the first pixel's center.
//
// The published code moves on by one segment a column at most, so that columns after a gap count for segments before
// theirs, and takes (0, 0) for the last segment's mean where no column lies in it, which turns the end over.
// `published_walk` does so too.
class CraftOutline {
 public:
  explicit CraftOutline(bool published_walk) : published_walk_(published_walk) {}

  // `runs` are a component's, `bounds` are its bounds, `quad` a rectangle around it. Empty where there is no polygon.
  std::vector<Point> Of(std::span<const Run> runs, const Component& bounds, const Quad& quad);

 private:
  const bool published_walk_;
  BitMap pixels_;
};

}  // namespace placard

#endif  // PLACARD_SHAPES_CRAFT_POLYGON_H_
