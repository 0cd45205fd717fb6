#include "base/cpu_features.h"
#include "bench_abi.h"

// Limits the kernels to a CpuLevel (0 scalar, 1 AVX2, 2 AVX-512) and gives the level that they run at.
PLACARD_BENCH_ABI int placard_bench_force_level(int level) {
  placard::ForceCpuLevel(static_cast<placard::CpuLevel>(level));
  return static_cast<int>(placard::DetectedCpuLevel());
}

PLACARD_BENCH_ABI const char* placard_bench_compiler() {
#ifdef __clang__
  return "clang " __clang_version__;
#else
  return "gcc " __VERSION__;
#endif
}
