#ifndef PLACARD_BASE_SIMD_TARGETS_H_
#define PLACARD_BASE_SIMD_TARGETS_H_

// Include before hwy/foreach_target.h. Highway then compiles the file once for each CpuLevel: the compiler's baseline
// (kScalar: SSE2 on x86-64), AVX2 and AVX-512 (Highway's AVX3: F, BW, CD, DQ, VL), without flags of its own.

#include "base/cpu_features.h"

// No kernel gains enough from the sets in between to be worth its compiled size.
#define HWY_DISABLED_TARGETS                                                                                  \
  (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL | HWY_AVX3_ZEN4 | HWY_AVX3_SPR | HWY_AVX10_2 | HWY_NEON | HWY_NEON_BF16 | \
   HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
// Instructions that CpuLevel does not ask the processor for.
#define HWY_DISABLE_PCLMUL_AES
#define HWY_DISABLE_F16C
// Highway's own assertions call into its compiled library, which is not part of the build.
#define HWY_IS_DEBUG_BUILD 0

#include "hwy/detect_targets.h"

#if HWY_TARGETS & HWY_AVX2
#define PLACARD_AVX2_FUNCTION(function) N_AVX2::function
#else
#define PLACARD_AVX2_FUNCTION(function) HWY_STATIC_DISPATCH(function)
#endif
#if HWY_TARGETS & HWY_AVX3
#define PLACARD_AVX512_FUNCTION(function) N_AVX3::function
#else
#define PLACARD_AVX512_FUNCTION(function) PLACARD_AVX2_FUNCTION(function)
#endif

// The `function` compiled for DetectedCpuLevel(). Usable after HWY_ONCE.
#define PLACARD_DISPATCH(function)                                                     \
  (DetectedCpuLevel() == CpuLevel::kAvx512 ? &PLACARD_AVX512_FUNCTION(function)        \
   : DetectedCpuLevel() == CpuLevel::kAvx2 ? &PLACARD_AVX2_FUNCTION(function)          \
                                           : &HWY_STATIC_DISPATCH(function))

#endif  // PLACARD_BASE_SIMD_TARGETS_H_
