#ifndef PLACARD_RUNTIME_DENORMALS_H_
#define PLACARD_RUNTIME_DENORMALS_H_

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace placard {

// While this lives, denormal floats are zero on the calling thread, as operands and as results. Published detectors hold
// hundreds of thousands of denormal weights that slow a run three times and change nothing.
class DenormalsAreZero {
 public:
#if defined(__x86_64__)
  DenormalsAreZero() : saved_(_mm_getcsr()) { _mm_setcsr(saved_ | kFlushToZero | kDenormalsAreZero); }
  ~DenormalsAreZero() { _mm_setcsr(saved_); }
#endif
  DenormalsAreZero(const DenormalsAreZero&) = delete;
  DenormalsAreZero& operator=(const DenormalsAreZero&) = delete;

#if defined(__x86_64__)
 private:
  static constexpr unsigned kFlushToZero = 0x8000;
  static constexpr unsigned kDenormalsAreZero = 0x0040;
  unsigned saved_;
#else
  DenormalsAreZero() = default;
#endif
};

}  // namespace placard

#endif  // PLACARD_RUNTIME_DENORMALS_H_
