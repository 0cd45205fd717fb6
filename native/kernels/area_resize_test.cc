#include "kernels/area_resize.h"

#include <algorithm>
#include <cmath>

#include "base/cpu_level_test.h"
#include "kernels/noise_planes.h"

namespace placard {
namespace {

// How much of source sample `place` lies under output sample i, both as parts of an axis.
double Share(int place, int i, int source_size, int size) {
  const double step = static_cast<double>(source_size) / size, half = std::max(step, 1.0) / 2;
  const double begin = std::max((i + 0.5) * step - half, 0.0);
  const double end = std::min<double>((i + 0.5) * step + half, source_size);
  return std::max(std::min(end, place + 1.0) - std::max<double>(begin, place), 0.0) / (end - begin);
}

double Reference(const ColorPlanes& source, int width, int height, int c, int x, int y) {
  double sum = 0;
  for (int j = 0; j < source.height(); ++j) {
    const double down = Share(j, y, source.height(), height);
    if (down == 0) continue;
    for (int i = 0; i < source.width(); ++i) sum += down * Share(i, x, source.width(), width) * source.row(c, j)[i];
  }
  return sum;
}

using AreaResizeTest = CpuLevelTest;

TEST_P(AreaResizeTest, AgreesWithTheReference) {
  for (const auto& [width, height] : {std::pair{1, 1}, {5, 3}, {16, 9}, {17, 8}, {40, 21}, {65, 2}}) {
    const ColorPlanes source = NoisePlanes(width, height, width % 3);
    for (const auto& [to_width, to_height] : {std::pair{1, 1}, {4, 2}, {5, 3}, {13, 7}, {40, 21}, {80, 50}}) {
      const ColorPlanes destination(to_width, to_height, 2);
      ASSERT_TRUE(AreaResize(source, destination).ok());
      const double worst = WorstDifference(destination, [&, w = to_width, h = to_height](int c, int x, int y) {
        return Reference(source, w, h, c, x, y);
      });
      ASSERT_LT(worst, 1e-3) << width << " x " << height << " to " << to_width << " x " << to_height;
    }
  }
}

TEST_P(AreaResizeTest, KeepsThePictureAtItsOwnSize) {
  const ColorPlanes source = NoisePlanes(33, 20, 0), destination(33, 20, 0);
  ASSERT_TRUE(AreaResize(source, destination).ok());
  EXPECT_EQ(ValuesOf(destination), ValuesOf(source));
}

PLACARD_EVERY_CPU_LEVEL(AreaResizeTest);

}  // namespace
}  // namespace placard
