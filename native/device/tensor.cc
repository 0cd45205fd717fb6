#include "device/tensor.h"

#include <utility>

#include "device/host_memory.h"

namespace placard {

int64_t Tensor::size() const {
  int64_t count = 1;
  for (const int64_t extent : shape) count *= extent;
  return count;
}

Tensor AllocateTensor(std::vector<int64_t> shape) {
  Tensor tensor;
  tensor.shape = std::move(shape);
  auto block = AllocateHost(static_cast<size_t>(tensor.size()) * sizeof(float));
  tensor.data = reinterpret_cast<float*>(block.get());
  tensor.owner = std::move(block);
  return tensor;
}

Image AllocateImage(int width, int height, int channels) {
  const ptrdiff_t stride = static_cast<ptrdiff_t>(width) * channels;
  auto block = AllocateHost(static_cast<size_t>(stride) * height);
  Image image;
  image.view = {reinterpret_cast<uint8_t*>(block.get()), width, height, channels, stride};
  image.owner = std::move(block);
  return image;
}

}  // namespace placard
