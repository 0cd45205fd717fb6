#ifndef PLACARD_KERNELS_CELL_STRIP_H_
#define PLACARD_KERNELS_CELL_STRIP_H_

#include <vector>

#include "base/image_view.h"

namespace placard {

// Rows 0 = c[0] < c[1] < ... < c[cells] = height that cut an upright column of `cells` stacked characters apart: each inner
// cut is the row with the least ink (mean absolute luma difference between neighboring columns) within a third of a cell of
// its even place, nearer places preferred. 1 <= cells <= height.
std::vector<int> CellCuts(const ImageView& column, int cells);

// Scales each cell [cuts[i], cuts[i + 1]) to destination.height and lays them side by side, filling the destination's width
// evenly: a column as the row that a recognizer expects. 3 channels.
void CellStrip(const ImageView& column, const std::vector<int>& cuts, const MutableImageView& destination);

}  // namespace placard

#endif  // PLACARD_KERNELS_CELL_STRIP_H_
