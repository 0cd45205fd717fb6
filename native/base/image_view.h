#ifndef PLACARD_BASE_IMAGE_VIEW_H_
#define PLACARD_BASE_IMAGE_VIEW_H_

#include <cstddef>
#include <cstdint>

namespace placard {

// Interleaved 8-bit pixels that somebody else owns. `stride` is bytes from one row to the next, >= width * channels.
struct ImageView {
  const uint8_t* data = nullptr;
  int width = 0;
  int height = 0;
  int channels = 3;
  ptrdiff_t stride = 0;

  bool empty() const { return width <= 0 || height <= 0; }
  const uint8_t* row(int y) const { return data + y * stride; }
};

struct MutableImageView {
  uint8_t* data = nullptr;
  int width = 0;
  int height = 0;
  int channels = 3;
  ptrdiff_t stride = 0;

  uint8_t* row(int y) const { return data + y * stride; }
  operator ImageView() const { return {data, width, height, channels, stride}; }  // NOLINT
};

// A planar (channel, row, column) float destination inside a larger tensor. Strides are in floats.
struct PlanarView {
  float* data = nullptr;
  int width = 0;
  int height = 0;
  ptrdiff_t row_stride = 0;
  ptrdiff_t plane_stride = 0;
};

// One channel of floats, as a network's map comes out. `stride` is in floats.
struct MapView {
  const float* data = nullptr;
  int width = 0;
  int height = 0;
  ptrdiff_t stride = 0;

  const float* row(int y) const { return data + y * stride; }
};

}  // namespace placard

#endif  // PLACARD_BASE_IMAGE_VIEW_H_
