#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/cancel.h"
#include "bench_abi.h"
#include "kernels/camera.h"

namespace {

placard::Matrix3 MatrixFrom(const double* values) {
  placard::Matrix3 matrix;
  std::copy_n(values, 9, matrix.begin());
  return matrix;
}

}  // namespace

// Pictures are packed rows of 3 bytes a pixel, a layer's of 4 (no layer where its width is 0).
PLACARD_BENCH_ABI void placard_bench_photograph(const uint8_t* background, int width, int height, const uint8_t* layer,
                                                int layer_width, int layer_height, const double* layer_matrix, double blur,
                                                double defocus, double noise, uint8_t* destination, int columns, int rows) {
  const placard::Matrix3 identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  std::vector<placard::FlatLayer> layers;
  if (layer_width > 0) {
    const ptrdiff_t stride = 4 * static_cast<ptrdiff_t>(layer_width);
    layers.push_back({{layer, layer_width, layer_height, 4, stride}, MatrixFrom(layer_matrix)});
  }
  placard::CameraSettings camera;
  camera.blur = blur;
  camera.defocus = defocus;
  camera.read_noise = noise;
  const placard::Status status =
      placard::Photograph({background, width, height, 3, 3 * static_cast<ptrdiff_t>(width)}, identity, width, height, layers,
                          camera, placard::CancelToken(), {destination, columns, rows, 3, 3 * static_cast<ptrdiff_t>(columns)});
  if (!status.ok()) std::fill_n(destination, static_cast<size_t>(columns) * rows * 3, uint8_t{0});
}
