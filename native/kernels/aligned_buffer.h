#ifndef PLACARD_KERNELS_ALIGNED_BUFFER_H_
#define PLACARD_KERNELS_ALIGNED_BUFFER_H_

#include <cstddef>
#include <memory>
#include <new>

namespace placard {

// `size` zeros of a trivial type on a cache line's boundary, so that no vector load straddles two lines.
template <typename T>
class AlignedBuffer {
 public:
  explicit AlignedBuffer(size_t size) : data_(new (kAlignment) T[size]()) {}

  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }

 private:
  static constexpr std::align_val_t kAlignment{64};
  struct Delete {
    void operator()(T* data) const { ::operator delete[](data, kAlignment); }
  };

  std::unique_ptr<T[], Delete> data_;
};

}  // namespace placard

#endif  // PLACARD_KERNELS_ALIGNED_BUFFER_H_
