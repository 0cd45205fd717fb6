#ifndef PLACARD_SHAPES_WATERSHED_H_
#define PLACARD_SHAPES_WATERSHED_H_

#include <cstdint>
#include <span>

namespace placard {

// The label of pixels where basins meet, and of the outermost ones.
inline constexpr int32_t kWatershed = -1;

// Floods a picture of width x height levels from markers (Meyer, "Color image segmentation", 1992), as OpenCV's watershed
// does: of the pixels beside a basin one whose level differs least from a neighbor's in it comes next, of equal ones the
// first that was reached. `labels`, one a pixel, holds the markers, numbers above 0, and 0 elsewhere; afterwards each
// pixel's basin, kWatershed, or 0 where there is no marker at all.
void Watershed(std::span<const uint8_t> levels, int width, int height, std::span<int32_t> labels);

}  // namespace placard

#endif  // PLACARD_SHAPES_WATERSHED_H_
