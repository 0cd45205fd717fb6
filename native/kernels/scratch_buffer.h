#ifndef PLACARD_KERNELS_SCRATCH_BUFFER_H_
#define PLACARD_KERNELS_SCRATCH_BUFFER_H_

#include <cstddef>
#include <memory>

#include "device/host_memory.h"

namespace placard {

// `size` uninitialized values of a trivial type on a cache line's boundary, kept for the next picture when freed. `data` is null
// where there was no memory.
template <typename T>
class ScratchBuffer {
 public:
  ScratchBuffer() = default;
  explicit ScratchBuffer(size_t size) : data_(static_cast<T*>(AllocateScratch(size * sizeof(T)))) {}

  T* data() const { return data_.get(); }

 private:
  struct Free {
    void operator()(T* data) const { FreeScratch(data); }
  };

  std::unique_ptr<T[], Free> data_;
};

}  // namespace placard

#endif  // PLACARD_KERNELS_SCRATCH_BUFFER_H_
